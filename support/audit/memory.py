"""The largest memory of this process while something runs."""

from __future__ import annotations

import psutil


class LargestMemory:
    """Keeps the largest resident set size that it saw, in bytes."""

    def __init__(self) -> None:
        self._process, self.largest = psutil.Process(), 0

    def look(self) -> None:
        """Looks at the memory now."""
        self.largest = max(self.largest, self._process.memory_info().rss)
