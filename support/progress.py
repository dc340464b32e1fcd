"""Progress on stderr: one line that is updated on a terminal, and few lines elsewhere."""

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
    """Writes to the process's real stderr, even if output is captured."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.__stderr__ or sys.stderr
        self._live = self._stream.isatty()
        self._title = ""
        self._last_ns = 0
        self._shown = False

    def title(self, text: str) -> None:
        """Sets the prefix of the next lines: a scenario, or `stack`."""
        self._title = text

    def say(self, text: str) -> None:
        """Writes a line that stays."""
        self._erase()
        self._stream.write(f"{self._prefix()}{text}\n")
        self._stream.flush()
        self._last_ns = clock.now_ns()

    def update(self, text: str) -> None:
        """Replaces the live line. Outside a terminal, adds a line if the last one is old enough."""
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
        """Announces a phase; its live line disappears when the phase ends. In an interrupted run it
        raises KeyboardInterrupt instead."""
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
