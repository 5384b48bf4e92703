"""Serve pages and API with a worker beside them, until stopped."""

import errno
import socket

import uvicorn
from rich.console import Console
from rich.markup import escape

from app.errors import UsageError
from app.main import create_app
from app.services.sign_in import SignIn
from app.settings import Settings
from app.wiring import build
from workers.runner import EmbeddedQueue, Supervisor

BACKLOG = 128


def serve_forever(settings: Settings, screen: Console) -> None:
    """Listen, say where, and keep a worker running; raises `UsageError` when the address cannot be taken."""
    sign_in = SignIn(settings)
    listener = _listen(settings)
    shown = settings.host if settings.host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104  # compared, not bound
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{listener.getsockname()[1]}"

    def announce() -> None:
        where = f"{address}/sign-in" if sign_in.keyed else f"{address}/sign-in?token={sign_in.issue()}"
        screen.print(f"Open [bold]{where}[/bold]", soft_wrap=True)

    sign_in.on_used = None if sign_in.keyed else announce
    app = build(settings)
    screen.print(f"Data is in {escape(str(settings.data_dir.resolve()))}. Ctrl-C stops.", soft_wrap=True)
    if not app.settings.llm_configured:
        screen.print("No language model is configured: the offline tagger judges, and nothing leaves this machine.")
    queue = EmbeddedQueue(settings.queue_url)
    app.store.now()  # the tables are there before the worker looks
    with Supervisor(settings) as worker:
        web = create_app(app, queue, sign_in, worker_ready=lambda: worker.pid is not None)
        server = uvicorn.Server(uvicorn.Config(web, log_level="warning", access_log=False, timeout_graceful_shutdown=3))
        announce()
        server.run(sockets=[listener])
    queue.close()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        why = "is taken by another program; choose another with --port" if taken else f"cannot be used: {error.strerror}"
        raise UsageError(f"{settings.host} port {settings.port} {why}") from None
    listener.listen(BACKLOG)
    return listener
