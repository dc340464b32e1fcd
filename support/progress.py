"""Tells on stderr what is going on: one live line on a terminal, sparse lines elsewhere."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

from support import clock
from support.interruption import check

SPARSE = timedelta(seconds=15)
LIVE = timedelta(milliseconds=200)


class Progress:
    """Writes past any capturing to the process's real stderr."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.__stderr__ or sys.stderr
        self._live = self._stream.isatty()
        self._title = ""
        self._last_ns = 0
        self._shown = False

    def title(self, text: str) -> None:
        """Name what the next phases belong to (a scenario, or setting up)."""
        self._title = text

    def say(self, text: str) -> None:
        """A lasting line."""
        self._erase()
        self._stream.write(f"{self._prefix()}{text}\n")
        self._stream.flush()
        self._last_ns = clock.now_ns()

    def update(self, text: str) -> None:
        """How far it is: replaces the live line, or adds a sparse line outside a terminal."""
        gap = LIVE if self._live else SPARSE
        if clock.now_ns() - self._last_ns < gap.total_seconds() * clock.NS_PER_S:
            return
        if not self._live:
            self.say(text)
            return
        self._erase()
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"{self._prefix()}{text}"[:width])
        self._stream.flush()
        self._shown, self._last_ns = True, clock.now_ns()

    @contextmanager
    def phase(self, text: str) -> Iterator[None]:
        """Announce a phase; its live line is gone when the phase ends. An interrupted run begins
        none."""
        check()
        if self._live:
            self._last_ns = 0
            self.update(text)
        else:
            self.say(text)
        try:
            yield
        finally:
            self._erase()

    def _prefix(self) -> str:
        return f"[{self._title}] " if self._title else ""

    def _erase(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._shown = False
