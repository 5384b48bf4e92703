"""The command says what it can do at once, and what its commands need is loaded when one is called."""

import json
import subprocess
import sys

LATER = {"torch", "transformers", "openai", "fastapi", "sqlalchemy", "sqlmodel", "alembic", "numpy", "sklearn", "hdbscan", "dbos", "spacy"}
CODE = """
import json, sys
sys.argv = ["throughline", {asked}]
from app.cli import main
try:
    main()
finally:
    sys.stderr.write(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def test_help_loads_nothing_that_only_commands_need():
    for asked in ('"--help"', '"synthesize", "--help"'):
        done = subprocess.run([sys.executable, "-c", CODE.format(asked=asked)], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert "Usage: throughline" in done.stdout
        assert LATER & set(json.loads(done.stderr)) == set()
