"""Allows one run at a time in a clone, by a file lock that ends with its process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from support.errors import RunInProgress


class RunLock:
    """Held from take() to release(), or to the end of the process, however it ends."""

    def __init__(self, home: Path) -> None:
        self._path = home / "run.lock"
        self._file: TextIO | None = None

    def take(self) -> None:
        """Raises RunInProgress at once, with the process, if another one holds it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip()
            file.close()
            raise RunInProgress(
                "Another run is using this clone's stack.",
                seen=f"process {holder}",
                then="wait for it, end it with Ctrl-C, or use a second clone",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
