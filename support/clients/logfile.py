"""A log file that somebody else writes."""

from __future__ import annotations

from pathlib import Path


def logged_since(log: Path, size: int) -> str:
    """What was written after the file had `size` bytes."""
    with log.open("rb") as stream:
        stream.seek(size)
        return stream.read().decode(errors="replace")
