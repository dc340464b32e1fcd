"""Dates and times in events as the texts that PostgreSQL writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from support.checks.column_values import EPOCH, since_midnight

DAY_ZERO = date(1970, 1, 1).toordinal()
MICROS_PER_MILLI = 1000


def without_zone(
    kind: str, precision: int, mode: str
) -> tuple[Callable[[str], str] | None, Callable[[object], str]]:
    """Returns how a timestamp or a time without time zone becomes a text: PostgreSQL's (None if it
    stays as it is), and an event's. `mode` is time.precision.mode."""
    coarse = precision <= 3 and (kind == "timestamp" or mode == "adaptive")
    factor = MICROS_PER_MILLI if mode == "connect" or coarse else 1

    def read(value: object) -> str:
        if isinstance(value, str):
            return _short(value.replace("T", " ").removesuffix("Z"))
        if not isinstance(value, int):
            raise TypeError(value)
        micros = value // MICROS_PER_MILLI if mode == "nanoseconds" else value * factor
        moment = EPOCH + timedelta(microseconds=micros)
        if kind == "timestamp":
            return _short(moment.replace(tzinfo=None).isoformat(" "))
        # PostgreSQL has a 24:00:00.
        return "24:00:00" if micros == 86_400_000_000 else _short(moment.time().isoformat())

    # The mode `connect` has only milliseconds: the rest of PostgreSQL's text can't be compared.
    return (_to_millis if mode == "connect" else None), read


def _to_millis(text: str) -> str:
    whole, _, fraction = text.partition(".")
    return _short(f"{whole}.{fraction[:3]}")


def _short(text: str) -> str:
    """Removes the zeros at the end of a fraction, as PostgreSQL does."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment_text(value: object) -> str:
    """Returns a timestamp with time zone as PostgreSQL writes it in UTC."""
    if not isinstance(value, str):
        raise TypeError(value)
    text = value
    if not text.endswith("Z"):
        text = datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return f"{_short(text.removesuffix('Z').replace('T', ' '))}+00"


def time_with_zone(text: str) -> str:
    """Returns the microseconds since midnight in UTC."""
    return str(since_midnight(time.fromisoformat(text)))


def date_text(value: object) -> str:
    """Returns a date, which events have as days since 1970, as PostgreSQL writes it."""
    if isinstance(value, str):
        return value.removesuffix("Z")
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return date.fromordinal(DAY_ZERO + value).isoformat()
