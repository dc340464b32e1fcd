"""Intervals as PostgreSQL and Debezium write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

MICROS = 1_000_000
DAYS_PER_MONTH = 365.25 / 12.0
"""Debezium's length of a month where an interval has to be a number (MicroDuration)."""

_PARTS = re.compile(r"([+-]?\d+) (year|mon|day)s?")
_CLOCK = re.compile(r"([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?)")
_ISO = re.compile(
    r"P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?"
    r"(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?"
)


def interval_of_postgres(mode: str) -> Callable[[str], str]:
    """Returns what makes PostgreSQL's text (intervalstyle postgres) the form of a handling mode.

    `numeric` is a number of microseconds; any other mode keeps months, days and microseconds apart.
    """
    return _as_number if mode == "numeric" else _as_parts


def interval_of_event(value: object) -> str:
    """Returns the form of an interval in an event. Raises ValueError or TypeError."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(value)
    found = _ISO.fullmatch(value)
    if found is None:
        raise ValueError(value)
    years, months, days, hours, minutes = (int(part or 0) for part in found.groups()[:5])
    seconds = Decimal(found[6] or 0)
    micros = (hours * 60 + minutes) * 60 * MICROS + int(seconds * MICROS)
    return f"{years * 12 + months} {days} {micros}"


def _as_parts(text: str) -> str:
    months, days, sign, hours, minutes, seconds = _parsed(text)
    micros = sign * ((hours * 60 + minutes) * 60 * MICROS + int(seconds * MICROS))
    return f"{months} {days} {micros}"


def _as_number(text: str) -> str:
    """Computes as Debezium does, in floating point, so that both round alike."""
    months, days, sign, hours, minutes, seconds = _parsed(text)
    whole, micros = divmod(int(seconds * MICROS), MICROS)
    in_hours = (months * DAYS_PER_MONTH + days) * 24.0 + sign * hours
    in_seconds = (in_hours * 60.0 + sign * minutes) * 60.0 + sign * whole
    return str(int(in_seconds * float(MICROS) + sign * micros))


def _parsed(text: str) -> tuple[int, int, int, int, int, Decimal]:
    """Returns months, days, the sign of the time, hours, minutes and seconds."""
    units = dict[str, int]()
    for number, unit in _PARTS.findall(text):
        units[unit] = int(number)
    months, days = units.get("year", 0) * 12 + units.get("mon", 0), units.get("day", 0)
    clock = _CLOCK.search(text)
    if clock is None:
        if not units:
            raise ValueError(text)
        return months, days, 1, 0, 0, Decimal(0)
    sign = -1 if clock[1] == "-" else 1
    return months, days, sign, int(clock[2]), int(clock[3]), Decimal(clock[4])
