"""Starts the secured stack in the foreground: `python -m tests.secured up FOLDER [BROKERS]`.

FOLDER gets two files: `options`, the `-D` pairs one a line, and `environment`, to be sourced.
"""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from pathlib import Path

from support.errors import Explained
from tests.secured.place import write_private
from tests.secured.stack import SecuredStack, secured


def main(arguments: list[str]) -> int:
    if len(arguments) not in (2, 3) or arguments[0] != "up":
        sys.stderr.write(f"usage: {__doc__}")
        return 2
    folder, count = Path(arguments[1]).absolute(), int(arguments[2]) if arguments[2:] else 1
    folder.mkdir(parents=True, exist_ok=True)
    ended = threading.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, lambda *_: ended.set())
    try:
        with secured(count) as stack:
            sys.stdout.write(_announced(stack, folder))
            sys.stdout.flush()
            ended.wait()
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _announced(stack: SecuredStack, folder: Path) -> str:
    """Writes the files, and returns what people need."""
    variables = "".join(f"export {k}={shlex.quote(v)}\n" for k, v in stack.environment.items())
    write_private(folder / "environment", variables)
    write_private(folder / "superuser", stack.postgres.conninfo())
    (folder / "options").write_text("\n".join(stack.options()) + "\n")
    logs = "broker-1/broker.log, connect/connect.log, postgres.log"
    return (
        f"source {shlex.quote(str(folder / 'environment'))}\n"
        f'make validate ARGS="{shlex.join(stack.options())}"\n'
        f"with a client certificate: {shlex.join(stack.options(mutual=True)[2:6])}\n"
        f"PostgreSQL's superuser: {folder / 'superuser'} (a connection string)\n"
        f"logs in {stack.folder}: {logs}\n"
        "Ctrl-C ends it.\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
