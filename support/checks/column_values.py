"""Compares the value of a column in an event with the value in PostgreSQL.

Debezium writes each type in a certain form, and some types in one of several forms
(decimal.handling.mode, time.precision.mode, binary.handling.mode, hstore.handling.mode). Each form
is understood, and compared with the text that PostgreSQL writes (ISO dates, UTC, bytea as hex). A
value in none of these forms differs from PostgreSQL's.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from support.checks.composite_text import array_items, hstore_pairs

T = TypeVar("T")
Judge = Callable[[str, object], bool | None]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOT_COMPARED = ("interval", "money", "point")
"""Types that Debezium writes as an approximation, or in a form that PostgreSQL does not write."""
TEXTS = ("text", "varchar", "name", "uuid", "citext", "xml", "inet", "cidr", "macaddr", "macaddr8")
"""Types that Debezium always writes as text. A type that is not known here may be written as a
struct of several values (geometry, vector)."""
WRONG = (ValueError, InvalidOperation, OverflowError, KeyError, TypeError)
"""Raised for a value that does not have the expected form."""


class _Unreadable(Exception):
    """PostgreSQL's text can't be read: infinity, or a year before Christ."""


def same(kind: str, text: str | None, value: object) -> bool | None:
    """Returns whether both are the same value; None where they can't be compared.

    `kind` is PostgreSQL's name of the type, with `_` in front for an array. `text` is the value as
    PostgreSQL writes it, `value` that in the event.
    """
    if text is None or value is None:
        return text is None and value is None
    if kind in NOT_COMPARED:
        return None
    if kind.startswith("_"):
        return _array(kind[1:], array_items(text), value)
    try:
        return JUDGES.get(kind, _words)(text, value)
    except _Unreadable:
        return None
    except WRONG:
        return False


def _read(reading: Callable[[str], T], text: str) -> T:
    """Reads PostgreSQL's text. Raises _Unreadable."""
    try:
        return reading(text)
    except WRONG as error:
        raise _Unreadable from error


def _array(kind: str, items: list[object], value: object) -> bool | None:
    if not isinstance(value, list) or len(value) != len(items):
        return False
    found = [
        _array(kind, item, each)
        if isinstance(item, list)
        else same(kind, None if item is None else str(item), each)
        for item, each in zip(items, value, strict=True)
    ]
    return False if False in found else None if None in found else True


def _words(text: str, value: object) -> bool | None:
    """Compares a value that Debezium passes on as text or, for an unknown type, as bytes."""
    if isinstance(value, Mapping | list):
        return None
    return isinstance(value, str) and (value == text or decoded(value) == text.encode())


def _text(text: str, value: object) -> bool:
    return isinstance(value, str) and bool(_words(text, value))


def _padded(text: str, value: object) -> bool:
    return isinstance(value, str) and value.rstrip(" ") == text.rstrip(" ")


def _whole(text: str, value: object) -> bool:
    return not isinstance(value, bool) and (value == text or value == _read(int, text))


def _boolean(text: str, value: object) -> bool:
    return value is (text == "t")


def _double(text: str, value: object) -> bool:
    return str(value) == text or _number(value) == _read(float, text)


def _single(text: str, value: object) -> bool:
    short = struct.Struct("f")
    return str(value) == text or short.pack(_number(value)) == short.pack(_read(float, text))


def _number(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError(value)


def _numeric(text: str, value: object) -> bool:
    if isinstance(value, Mapping):
        return at_scale(str(value["value"]), int(value["scale"])) == Decimal(text)
    if isinstance(value, int | float):
        return _number(value) == float(text)
    if value == text:
        return True
    with suppress(InvalidOperation):
        if Decimal(str(value)) == Decimal(text):
            return True
    with suppress(binascii.Error, ValueError):
        return at_scale(str(value), len(text.partition(".")[2])) == Decimal(text)
    return False


def at_scale(encoded: str, scale: int) -> Decimal:
    """Returns the number with that many decimal places, of any length, that events have as bytes
    in base64. Raises ValueError."""
    whole = int.from_bytes(base64.b64decode(encoded, validate=True), "big", signed=True)
    return Decimal(f"{whole}E{-scale}")


def _moment(text: str, value: object) -> bool:
    real = _read(lambda written: datetime.fromisoformat(written).astimezone(UTC), text)
    return isinstance(value, str) and datetime.fromisoformat(value).astimezone(UTC) == real


def _timestamp(text: str, value: object) -> bool:
    real = _read(datetime.fromisoformat, text).replace(tzinfo=UTC)
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC) == real
    return _in_some_unit((real - EPOCH) // MICROSECOND, value)


def _date(text: str, value: object) -> bool:
    real = _read(date.fromisoformat, text)
    days = (real - EPOCH.date()).days
    return value in (days, days * 86_400_000, text)


def _time(text: str, value: object) -> bool:
    real = since_midnight(_read(time.fromisoformat, text))
    if isinstance(value, str):
        return since_midnight(time.fromisoformat(value)) == real
    return _in_some_unit(real, value)


def since_midnight(moment: time) -> int:
    """Returns microseconds, in UTC where the moment has an offset."""
    offset = moment.utcoffset() or timedelta()
    inside = datetime.combine(EPOCH.date(), moment.replace(tzinfo=None)) - offset
    return (inside - datetime(1970, 1, 1)) // MICROSECOND % 86_400_000_000


def _in_some_unit(micros: int, value: object) -> bool:
    """Whether the value is this time in milliseconds, microseconds or nanoseconds."""
    return value in (micros, micros * 1000) or (micros % 1000 == 0 and value == micros // 1000)


def _bytes(text: str, value: object) -> bool:
    real = _read(bytes.fromhex, text.removeprefix("\\x"))
    return isinstance(value, str) and (decoded(value) == real or value == real.hex())


def decoded(value: str) -> bytes | None:
    """Returns what a text in base64 stands for; None if it is none."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(value, validate=True)
    return None


def _json(text: str, value: object) -> bool:
    real = _read(json.loads, text)
    return bool((json.loads(value) if isinstance(value, str) else value) == real)


def _hstore(text: str, value: object) -> bool:
    return bool((json.loads(value) if isinstance(value, str) else value) == hstore_pairs(text))


def _bits(text: str, value: object) -> bool:
    real = _read(lambda written: int(written, 2), text)
    if isinstance(value, bool):
        return value is (text == "1")
    raw = decoded(value) if isinstance(value, str) else None
    return raw is not None and int.from_bytes(raw, "little") == real


JUDGES: Mapping[str, Judge] = {
    "int2": _whole,
    "int4": _whole,
    "int8": _whole,
    "oid": _whole,
    "bool": _boolean,
    "float4": _single,
    "float8": _double,
    "numeric": _numeric,
    "bpchar": _padded,
    "timestamptz": _moment,
    "timestamp": _timestamp,
    "date": _date,
    "time": _time,
    "timetz": _time,
    "bytea": _bytes,
    "json": _json,
    "jsonb": _json,
    "hstore": _hstore,
    "bit": _bits,
    "varbit": _bits,
    **dict.fromkeys(TEXTS, _text),
}
"""PostgreSQL's name of a type -> how its values are compared. Other types are compared as text."""
