"""Serve pages and API with a worker beside them, until stopped."""

import uvicorn
from rich.console import Console

from app.errors import UsageError
from app.main import create_app
from app.settings import Settings
from app.wiring import build

screen = Console(stderr=True, highlight=False)
