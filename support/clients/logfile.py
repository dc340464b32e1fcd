"""Reads the end of a log file, and what was appended to it, even if it was rolled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TAIL = 2048
"""Number of bytes by which a position is found again in a log that was rolled or shortened."""

TAIL_READ = 64_000
"""Bytes that are read to find the last lines of a file."""


@dataclass(frozen=True)
class LogMark:
    """The end of a log at one moment: its size, and its last bytes."""

    size: int = 0
    tail: bytes = b""


def mark_log(log: Path) -> LogMark:
    """The present end of a log; the beginning if it does not exist yet."""
    if not log.is_file():
        return LogMark()
    with log.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - TAIL))
        return LogMark(size, stream.read(min(size, TAIL)))


def logged_since(log: Path, size: int) -> str:
    """The text that was appended after the file had `size` bytes."""
    with log.open("rb") as stream:
        stream.seek(size)
        return stream.read().decode(errors="replace")


def logged_after(log: Path, mark: LogMark) -> str | None:
    """The text that was appended after the mark.

    The log may have been rolled once since (log4j renames it to `NAME.1`). None if the log does not
    exist, or if text between the mark and its present beginning is lost.
    """
    if not log.is_file():
        return None
    now = _after(log.read_bytes(), mark)
    rolled = log.with_name(f"{log.name}.1")
    if now is None and rolled.is_file():
        before = _after(rolled.read_bytes(), mark)
        now = None if before is None else before + log.read_bytes()
    return None if now is None else now.decode(errors="replace")


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a text file, or the reason why there are none."""
    if not path.is_file():
        return f"({path.name} was never written)"
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - TAIL_READ))
        text = stream.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:]) or f"({path.name} is empty)"


def _after(content: bytes, mark: LogMark) -> bytes | None:
    begin = mark.size - len(mark.tail)
    if content[begin : mark.size] == mark.tail:
        return content[mark.size :]
    place = content.find(mark.tail)
    return content[place + len(mark.tail) :] if place >= 0 else None
