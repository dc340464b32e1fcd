"""Turns a column's value in an event, and PostgreSQL's text of it, into one and the same text.

Equal texts are equal values, so rows can be compared by digests. Unequal texts need not be unequal
values: column_values.same() decides then. Which form an event has follows from the column's type
and from the connector's handling modes.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from support.checks.clock_texts import date_text, moment_text, time_with_zone, without_zone
from support.checks.column_values import at_scale, decoded
from support.checks.composite_text import array_items, hstore_pairs
from support.checks.interval_texts import interval_of_event, interval_of_postgres

FromPostgres = Callable[[str], str]
FromEvent = Callable[[object], str]


@dataclass(frozen=True)
class Modes:
    """How a connector writes values: its handling modes, with Debezium's defaults."""

    decimal: str = "precise"
    time: str = "adaptive"
    binary: str = "bytes"
    hstore: str = "json"
    interval: str = "numeric"
    unknown_types: bool = False

    @classmethod
    def of(cls, config: Mapping[str, str]) -> Modes:
        """Returns the modes of a connector's configuration."""
        return cls(
            config.get("decimal.handling.mode", cls.decimal).lower(),
            config.get("time.precision.mode", cls.time).lower(),
            config.get("binary.handling.mode", cls.binary).lower(),
            config.get("hstore.handling.mode", cls.hstore).lower(),
            config.get("interval.handling.mode", cls.interval).lower(),
            config.get("include.unknown.datatypes", "false").lower() == "true",
        )


@dataclass(frozen=True)
class Form:
    """How the values of a column become texts; each function may raise any of WRONG."""

    postgres: FromPostgres | None
    """None where PostgreSQL's text is used as it is."""
    event: FromEvent


def form_of(kind: str, scale: int | None, precision: int, modes: Modes) -> Form | None:
    """Returns the form of a type; None if it can't be compared.

    `kind` is PostgreSQL's name of the type, with `_` in front for an array. `scale` is that of a
    numeric, None if it has none; `precision` is the number of digits of a time's seconds.
    """
    if kind.startswith("_"):
        element = form_of(kind[1:], scale, precision, modes)
        return None if element is None else _array(element)
    if kind == "numeric":
        return _numeric(scale, modes)
    if kind in ("timestamp", "time"):
        return Form(*without_zone(kind, precision, modes.time))
    if kind == "bytea":
        return _binary(modes)
    if kind == "interval":
        return Form(interval_of_postgres(modes.interval), interval_of_event)
    if kind in FORMS:
        return FORMS[kind]
    if kind in TEXTS:
        return PLAIN
    return Form(None, _unknown) if modes.unknown_types else None


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(value)


def _unknown(value: object) -> str:
    """Returns the text that a value of a type unknown to Debezium was made from."""
    raw = decoded(_as_text(value))
    return _as_text(value) if raw is None else raw.decode()


def _whole(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError(value)


def _boolean(value: object) -> str:
    return {True: "t", False: "f"}[value is True] if isinstance(value, bool) else _wrong(value)


def _wrong(value: object) -> str:
    raise TypeError(value)


def _double(text: str) -> str:
    return repr(float(text))


def _single(text: str) -> str:
    number = float(text)
    return repr(struct.unpack("f", struct.pack("f", number))[0])


def _of_number(reading: FromPostgres) -> FromEvent:
    def read(value: object) -> str:
        # The JSON converter writes NaN and the infinities as texts.
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return reading(str(value))
        raise TypeError(value)

    return read


def _numeric(scale: int | None, modes: Modes) -> Form:
    if modes.decimal == "double":
        return Form(_double, _of_number(_double))

    def read(value: object) -> str:
        if isinstance(value, Mapping):
            return f"{at_scale(str(value['value']), int(value['scale'])):f}"
        if isinstance(value, str) and modes.decimal == "precise" and scale is not None:
            return f"{at_scale(value, scale):f}"
        if isinstance(value, str):
            # Java writes a very small number with an exponent.
            return f"{Decimal(value):f}" if "E" in value else value
        number = Decimal(_of_number(str)(value))
        return f"{number if scale is None else round(number, scale):f}"

    return Form(None, read)


def _binary(modes: Modes) -> Form:
    def read(value: object) -> str:
        text = _as_text(value)
        if modes.binary == "hex":
            return f"\\x{text}"
        return (
            f"\\x{base64.b64decode(text.replace('-', '+').replace('_', '/'), validate=True).hex()}"
        )

    return Form(None, read)


def _bits_of_event(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    raw = decoded(_as_text(value))
    return _wrong(value) if raw is None else str(int.from_bytes(raw, "little"))


def _pairs(found: Mapping[str, object]) -> str:
    return repr(sorted(found.items()))


def _hstore(value: object) -> str:
    found = json.loads(value) if isinstance(value, str) else value
    return _pairs(found) if isinstance(found, Mapping) else _wrong(value)


def _json_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _point_of_postgres(text: str) -> str:
    x, y = text.strip("()").split(",")
    return f"{float(x)!r} {float(y)!r}"


def _point_of_event(value: object) -> str:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return f"{float(value['x'])!r} {float(value['y'])!r}"


def _array(element: Form) -> Form:
    def from_postgres(item: object) -> object:
        if isinstance(item, list):
            return [from_postgres(each) for each in item]
        if item is None or element.postgres is None:
            return item
        return element.postgres(str(item))

    def from_event(value: object) -> object:
        if isinstance(value, list):
            return [from_event(each) for each in value]
        return None if value is None else element.event(value)

    def whole_list(value: object) -> str:
        return repr(from_event(value)) if isinstance(value, list) else _wrong(value)

    return Form(lambda text: repr(from_postgres(array_items(text))), whole_list)


PLAIN = Form(None, _as_text)
FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), Form(None, _whole)),
    "bool": Form(None, _boolean),
    "float4": Form(_single, _of_number(_single)),
    "float8": Form(_double, _of_number(_double)),
    "bpchar": Form(lambda text: text.rstrip(" "), lambda value: _as_text(value).rstrip(" ")),
    "timestamptz": Form(None, moment_text),
    "timetz": Form(time_with_zone, lambda value: time_with_zone(_as_text(value))),
    "date": Form(None, date_text),
    **dict.fromkeys(("bit", "varbit"), Form(lambda text: str(int(text, 2)), _bits_of_event)),
    **dict.fromkeys(("json", "jsonb"), Form(None, _json_text)),
    "hstore": Form(lambda text: _pairs(hstore_pairs(text)), _hstore),
    "point": Form(_point_of_postgres, _point_of_event),
}
"""PostgreSQL's name of a type -> its form, where it does not depend on the modes."""
RANGES = ("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange")
TEXTS = (
    *("text", "varchar", "name", "char", "uuid", "citext", "xml", "ltree", "enum"),
    *("inet", "cidr", "macaddr", "macaddr8"),
    *RANGES,
)
"""Types that Debezium passes on as PostgreSQL writes them."""
