"""The Debezium envelope: the form that every event must have (FR-009), and its decoding.

The types of all fields are checked while an event is decoded, except those of the columns, which
may have any JSON value (arrays, maps, structs). Further rules depend on the operation:

- c and r (snapshot) have `after` and no `before`
- u has both under REPLICA IDENTITY FULL; under DEFAULT `before` may be absent
- d has `before` and no `after`: the whole row under FULL, at least the key under DEFAULT
- t (TRUNCATE) and m (a logical message) have neither, because they are about no single row
- an event of a snapshot has op r and source.snapshot other than "false"; a streamed one has "false"

A null value is a tombstone, which follows a delete. An event may be wrapped by the JSON converter
(schemas.enable=true: {"schema": ..., "payload": ...}); both forms are read.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Row = dict[str, object]
"""Column -> any JSON value."""

SNAPSHOT = frozenset(
    {"true", "first", "first_in_data_collection", "last_in_data_collection", "last", "incremental"}
)
"""Values of source.snapshot in an event of a snapshot; a string in Debezium 2.5."""

ROWLESS = ("t", "m")
"""Operations that are about no single row: TRUNCATE, and a logical message."""


class Source(msgspec.Struct, frozen=True):
    """Where an event comes from."""

    version: str
    connector: str
    name: str
    ts_ms: int
    snapshot: str
    db: str
    schema: str
    table: str
    lsn: int | None = None
    txId: int | None = None  # noqa: N815 - Debezium's name
    sequence: str | None = None


class Envelope(msgspec.Struct, frozen=True):
    """One change of one row, or (t, m) an event that is about no single row."""

    op: Literal["c", "u", "d", "r", "t", "m"]
    source: Source
    ts_ms: int
    before: Row | None
    after: Row | None


class _Rowless(msgspec.Struct, frozen=True):
    """An event that may leave out the fields that only a row fills."""

    op: Literal["t", "m"]
    source: Source
    ts_ms: int
    before: Row | None = None
    after: Row | None = None


class _Wrapped(msgspec.Struct, frozen=True):
    payload: Envelope


class _WrappedRowless(msgspec.Struct, frozen=True):
    payload: _Rowless


class IllegalEvent(Exception):
    """An event breaks a rule; the message has the path of the field."""


_BARE, _WRAPPED = msgspec.json.Decoder(Envelope), msgspec.json.Decoder(_Wrapped)
_ROWLESS = msgspec.json.Decoder(_Rowless)
_WRAPPED_ROWLESS = msgspec.json.Decoder(_WrappedRowless)


def read_envelope(value: bytes, *, full_identity: bool = True) -> Envelope:
    """Returns the event in a record's value. Raises IllegalEvent."""
    wrapped = value.startswith(b'{"schema":')
    try:
        event = _WRAPPED.decode(value).payload if wrapped else _BARE.decode(value)
    except msgspec.MsgspecError as error:
        event = _without_a_row(value, wrapped, error)
    problem = _broken_rule(event, full_identity)
    if problem:
        raise IllegalEvent(problem)
    return event


def _without_a_row(value: bytes, wrapped: bool, error: Exception) -> Envelope:
    try:
        rowless = _WRAPPED_ROWLESS.decode(value).payload if wrapped else _ROWLESS.decode(value)
    except msgspec.MsgspecError:
        raise IllegalEvent(str(error)) from error
    return Envelope(rowless.op, rowless.source, rowless.ts_ms, rowless.before, rowless.after)


def _broken_rule(event: Envelope, full_identity: bool) -> str:
    op, before, after = event.op, event.before, event.after
    if op in ROWLESS and not (before is None and after is None):
        return f"op {op} must have neither `before` nor `after` - at `$.before`, `$.after`"
    if op in ("c", "r") and (after is None or before is not None):
        return f"op {op} must have `after` and no `before` - at `$.after`, `$.before`"
    if op == "u" and after is None:
        return "op u must have `after` - at `$.after`"
    if op == "u" and before is None and full_identity:
        return "op u must have `before` under REPLICA IDENTITY FULL - at `$.before`"
    if op == "d" and (before is None or after is not None):
        return "op d must have `before` and no `after` - at `$.before`, `$.after`"
    return _wrong_marker(event)


def _wrong_marker(event: Envelope) -> str:
    marked = event.source.snapshot in SNAPSHOT
    if not marked and event.source.snapshot != "false":
        return f"unknown marker {event.source.snapshot!r} - at `$.source.snapshot`"
    if marked != (event.op == "r") and event.source.snapshot != "incremental":
        reason = f"op {event.op} with snapshot marker {event.source.snapshot!r}"
        return f"{reason} - at `$.source.snapshot`"
    return ""
