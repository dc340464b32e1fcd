"""The Debezium envelope: what every event must look like (FR-009), and an event taken apart.

Decoding is compiled (msgspec): types of all fields are checked while an event is read. The rules
that go beyond types depend on the operation:

- c and r (snapshot): `after` is there, `before` is not
- u: both are there under REPLICA IDENTITY FULL; under DEFAULT `before` may be absent
- d: `before` is there, `after` is not; the whole row under FULL, at least the key under DEFAULT
- a snapshot event has op r and source.snapshot other than "false"; a streamed one has "false"

A null value is a tombstone, which follows a delete. An event may be wrapped by the JSON converter
(schemas.enable=true: {"schema": ..., "payload": ...}); both forms are read.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Row = dict[str, int | float | str | bool | None]

SNAPSHOT = frozenset({"true", "first", "first_in_data_collection", "last_in_data_collection",
                      "last", "incremental"})  # fmt: skip
"""source.snapshot of a snapshot event: a string, by Debezium 2.5."""


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
    """One change of one row."""

    op: Literal["c", "u", "d", "r"]
    source: Source
    ts_ms: int
    before: Row | None
    after: Row | None


class _Wrapped(msgspec.Struct, frozen=True):
    payload: Envelope


class IllegalEvent(Exception):
    """What is wrong with an event, by the path of its field."""


_BARE, _WRAPPED = msgspec.json.Decoder(Envelope), msgspec.json.Decoder(_Wrapped)


def read_envelope(value: bytes, *, full_identity: bool = True) -> Envelope:
    """The event in a record's value. Raises IllegalEvent."""
    try:
        wrapped = value.startswith(b'{"schema":')
        event = _WRAPPED.decode(value).payload if wrapped else _BARE.decode(value)
    except msgspec.MsgspecError as error:
        raise IllegalEvent(str(error)) from error
    problem = _broken_rule(event, full_identity)
    if problem:
        raise IllegalEvent(problem)
    return event


def _broken_rule(event: Envelope, full_identity: bool) -> str:
    op, before, after = event.op, event.before, event.after
    if op in ("c", "r") and (after is None or before is not None):
        return f"op {op} must have `after` and no `before` - at `$.after`, `$.before`"
    if op == "u" and after is None:
        return "op u must have `after` - at `$.after`"
    if op == "u" and before is None and full_identity:
        return "op u must have `before` under REPLICA IDENTITY FULL - at `$.before`"
    if op == "d" and (before is None or after is not None):
        return "op d must have `before` and no `after` - at `$.before`, `$.after`"
    marked = event.source.snapshot in SNAPSHOT
    if not marked and event.source.snapshot != "false":
        return f"unknown marker {event.source.snapshot!r} - at `$.source.snapshot`"
    if marked != (op == "r") and event.source.snapshot != "incremental":
        return f"op {op} with snapshot marker {event.source.snapshot!r} - at `$.source.snapshot`"
    return ""
