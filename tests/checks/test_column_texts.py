"""Values of events and PostgreSQL's texts become the same text if they are equal."""

from __future__ import annotations

import base64

import pytest

from support.checks.column_texts import Modes, form_of

DEFAULTS = Modes()
NUMBER = base64.b64encode((12345).to_bytes(2, "big", signed=True)).decode()
LONG = base64.b64encode((10**41 + 5).to_bytes(18, "big", signed=True)).decode()
NEGATIVE = base64.b64encode((-7).to_bytes(1, "big", signed=True)).decode()


def texts(
    kind: str,
    text: str,
    value: object,
    modes: Modes = DEFAULTS,
    scale: int | None = None,
    precision: int = 6,
) -> tuple[str, str]:
    """Returns the canonical texts of both sides."""
    form = form_of(kind, scale, precision, modes)
    assert form is not None
    return (form.postgres(text) if form.postgres else text), form.event(value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int8", "-9007199254740993", -9007199254740993),
        ("bool", "t", True),
        ("float4", "0.33333334", 0.33333334),
        ("float4", "1e+10", 1e10),
        ("float8", "0.1", 0.1),
        ("float8", "100", 100.0),
        ("float8", "NaN", "NaN"),
        ("float8", "-Infinity", "-Infinity"),
        ("bpchar", "ab  ", "ab  "),
        ("text", "a\tb", "a\tb"),
        ("date", "1969-12-31", -1),
        ("date", "2020-02-29", 18321),
        ("timestamptz", "1999-12-31 23:01:39.0001+00", "1999-12-31T23:01:39.000100Z"),
        ("timestamptz", "2000-01-01 00:00:00+00", "2000-01-01T00:00:00Z"),
        ("timetz", "02:00:01.5+02", "00:00:01.5Z"),
        ("timestamp", "1969-12-31 23:59:59.5", -500_000),
        ("time", "24:00:00", 86_400_000_000),
        ("time", "00:00:01.234567", 1_234_567),
        ("bytea", "\\x00ff", "AP8="),
        ("bytea", "\\x", ""),
        ("bit", "1", True),
        ("bit", "000000001010", "CgA="),
        ("varbit", "00101", "BQ=="),
        ("json", '{"b": 1}', '{"b": 1}'),
        ("hstore", '"a"=>"1", "b"=>NULL', '{"b":null,"a":"1"}'),
        ("hstore", '"a"=>"1"', {"a": "1"}),
        ("point", "(0.3333333333333333,-1)", {"x": 0.3333333333333333, "y": -1.0, "srid": None}),
        ("_int4", "{1,NULL,-1}", [1, None, -1]),
        ("_text", '{"a,b","q\\"uote",NULL,"NULL",""}', ["a,b", 'q"uote', None, "NULL", ""]),
        ("_bool", "{t,NULL}", [True, None]),
        ("interval", "00:00:01.5", 1_500_000),
        ("interval", "-10 mons +1 day 00:00:01.25", -26_211_598_750_000),
    ],
)
def test_equal_values(kind: str, text: str, value: object) -> None:
    postgres, event = texts(kind, text, value)
    assert postgres == event


@pytest.mark.parametrize(
    ("text", "value", "mode", "scale"),
    [
        ("123.45", NUMBER, "precise", 2),
        ("-0.07", NEGATIVE, "precise", 2),
        ("123.45", {"scale": 2, "value": NUMBER}, "precise", None),
        ("123.45", 123.45, "precise", 2),
        ("123.45", "123.45", "string", 2),
        ("0.0000001", "1E-7", "string", None),
        ("NaN", "NaN", "string", None),
        (f"{10**40}.5", {"scale": 1, "value": LONG}, "precise", None),
        ("123.45", 123.45, "double", 2),
        ("100.00", 100.0, "double", 2),
    ],
)
def test_equal_numerics(text: str, value: object, mode: str, scale: int | None) -> None:
    postgres, event = texts("numeric", text, value, Modes(decimal=mode), scale)
    assert postgres == event


@pytest.mark.parametrize(
    ("kind", "text", "value", "mode", "precision"),
    [
        ("timestamp", "1970-01-01 00:00:01.235", 1_235, "adaptive", 3),
        ("timestamp", "1970-01-01 00:00:01.2356", 1_235_600, "adaptive_time_microseconds", 6),
        ("timestamp", "1970-01-01 00:00:01.235678", 1_235, "connect", 6),
        ("timestamp", "1970-01-01 00:00:01.235678", 1_235_678_000, "nanoseconds", 6),
        ("timestamp", "1970-01-01 00:00:01.2", "1970-01-01T00:00:01.2Z", "isostring", 6),
        ("time", "00:00:01.235", 1_235, "adaptive", 3),
        ("time", "00:00:01.235", 1_235_000, "adaptive_time_microseconds", 3),
        ("time", "00:00:01.235678", 1_235, "connect", 6),
    ],
)
def test_equal_times(kind: str, text: str, value: object, mode: str, precision: int) -> None:
    postgres, event = texts(kind, text, value, Modes(time=mode), precision=precision)
    assert postgres == event


def test_other_handling_modes() -> None:
    assert len(set(texts("bytea", "\\xfbff", "-_8=", Modes(binary="base64-url-safe")))) == 1
    assert len(set(texts("bytea", "\\xfbff", "fbff", Modes(binary="hex")))) == 1
    iso = "P1Y2M3DT4H5M6.5S"
    interval = "1 year 2 mons 3 days 04:05:06.5"
    assert len(set(texts("interval", interval, iso, Modes(interval="string")))) == 1
    assert len(set(texts("tsvector", "'a':1", "J2EnOjE=", Modes(unknown_types=True)))) == 1


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int4", "1", 2),
        ("text", "1", "01"),
        ("bytea", "\\x00", "AA==A"),
        ("timestamp", "1970-01-01 00:00:01", 1_000_001),
        ("float8", "0.1", 0.10000000000000002),
        ("_text", "{NULL}", ["NULL"]),
        ("_text", "{}", [None]),
    ],
)
def test_values_that_differ(kind: str, text: str, value: object) -> None:
    try:
        postgres, event = texts(kind, text, value)
    except (ValueError, TypeError):
        return
    assert postgres != event


@pytest.mark.parametrize("value", [True, 1.0, [1], {"a": 1}])
def test_a_value_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        texts("int4", "1", value)


def test_types_that_are_not_compared() -> None:
    for kind in ("tsvector", "polygon", "pair", "_tsvector", "vector"):
        assert form_of(kind, None, 6, DEFAULTS) is None
