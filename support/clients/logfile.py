"""A log file that somebody else writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TAIL = 2048
"""Bytes by which a log is known again that was rolled, or copied without its beginning."""


@dataclass(frozen=True)
class LogMark:
    """Where a log ended at one moment: its size, and its last bytes."""

    size: int = 0
    tail: bytes = b""


def mark_log(log: Path) -> LogMark:
    """The end of a log as it is now; the beginning of one that is not there yet."""
    if not log.is_file():
        return LogMark()
    with log.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - TAIL))
        return LogMark(size, stream.read(min(size, TAIL)))


def logged_since(log: Path, size: int) -> str:
    """What was written after the file had `size` bytes."""
    with log.open("rb") as stream:
        stream.seek(size)
        return stream.read().decode(errors="replace")


def logged_after(log: Path, mark: LogMark) -> str | None:
    """What was written after the mark, also by a log that was rolled once since (`NAME.1` is how
    log4j names what it put away). None when the log is not there, or when something between the
    mark and its present beginning is lost."""
    if not log.is_file():
        return None
    now = _after(log.read_bytes(), mark)
    rolled = log.with_name(f"{log.name}.1")
    if now is None and rolled.is_file():
        before = _after(rolled.read_bytes(), mark)
        now = None if before is None else before + log.read_bytes()
    return None if now is None else now.decode(errors="replace")


def _after(content: bytes, mark: LogMark) -> bytes | None:
    begin = mark.size - len(mark.tail)
    if content[begin : mark.size] == mark.tail:
        return content[mark.size :]
    place = content.find(mark.tail)
    return content[place + len(mark.tail) :] if place >= 0 else None
