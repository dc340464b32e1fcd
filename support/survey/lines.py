"""The lines of a report: what is said about a part, and how serious it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """Severity of a line; only UNUSABLE prevents a run."""

    FINE = "ok"
    NOTE = "--"
    WARNING = "WARNING"
    UNUSABLE = "PROBLEM"


@dataclass(frozen=True)
class Line:
    """A finding in words, and the next step if there is one."""

    level: Level
    text: str
    then: str = ""


def fine(text: str) -> Line:
    return Line(Level.FINE, text)


def note(text: str, then: str = "") -> Line:
    return Line(Level.NOTE, text, then)


def warning(text: str, then: str = "") -> Line:
    return Line(Level.WARNING, text, then)


def unusable(text: str, then: str = "") -> Line:
    return Line(Level.UNUSABLE, text, then)


SHOWN = 8


def few(names: Sequence[str]) -> str:
    """Returns the first few of them, and the number of the others."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def counted(count: int, what: str) -> str:
    """Returns a number and its noun, in the plural unless it is 1."""
    return f"{count} {what}" + ("" if count == 1 else "s")


SKEW_S = 1.0
"""A larger difference of clocks is a warning."""


def clock_line(whose: str, skew_ms: float | None) -> Line:
    """Describes the clock difference in words; `skew_ms` is None if it is not known."""
    if skew_ms is None:
        return note(f"clock of {whose}: not known")
    if skew_ms > SKEW_S * 1000:
        return warning(
            f"clock of {whose}: {skew_ms / 1000:.1f} s from that of this host",
            "synchronise both (NTP): time stamps of events are compared",
        )
    return fine(f"clock of {whose}: the same as that of this host, within a second")
