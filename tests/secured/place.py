"""Where a secured stack runs: its folder, its process records, free ports."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psutil

from support.stack.listening import LOOPBACK
from support.stack.processes.records import end_leftovers

PREFIX = "kafka-validation-secured-"
OWNER = "owner.json"


def new_folder() -> Path:
    """Creates a temporary folder that every user may enter, owned by this process.

    Ends the processes of killed tests first, and removes their folders.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not _owned(old):
            end_leftovers(old / "processes")
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o755)
    own = psutil.Process()
    (folder / OWNER).write_text(json.dumps([own.pid, own.create_time()]))
    return folder


def _owned(folder: Path) -> bool:
    """Whether the process that created the folder is alive."""
    try:
        pid, began = json.loads((folder / OWNER).read_text())
        return bool(psutil.Process(pid).create_time() == began)
    except (OSError, ValueError, psutil.Error):
        return False


def free_ports(count: int) -> list[int]:
    """Different free ports of the loopback address."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in sockets]


def write_private(path: Path, text: str) -> Path:
    """Writes a file that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(text)
    return path
