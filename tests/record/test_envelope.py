"""Legal envelopes, by recorded shapes of Debezium 2.5, and illegal ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.generate.payload import payloads
from support.record.envelope import IllegalEvent, read_envelope

SOURCE = {
    "version": "2.5.4.Final",
    "connector": "postgresql",
    "name": "dbserver",
    "ts_ms": 1,
    "snapshot": "false",
    "db": "app",
    "sequence": '["1","2"]',
    "schema": "public",
    "table": "users",
    "txId": 7,
    "lsn": 24,
    "xmin": None,
}
ROW = {"id": 1, "name": "größe 🎬", "email": None, "version": 1, "checksum": None}


def event(op: str, **changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "before": None if op in "cr" else ROW,
        "after": None if op == "d" else ROW,
        "source": {**SOURCE, "snapshot": "true" if op == "r" else "false"},
        "op": op,
        "ts_ms": 2,
        "transaction": None,
    }
    return {**whole, **changes}


def encoded(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@pytest.mark.parametrize("op", ["c", "r", "u", "d"])
def test_events_are_read_bare_and_wrapped(op: str) -> None:
    bare = read_envelope(encoded(event(op)))
    wrapped = read_envelope(encoded({"schema": {"type": "struct"}, "payload": event(op)}))
    assert bare == wrapped
    assert (bare.op, bare.source.table, bare.source.lsn) == (op, "users", 24)


def test_default_identity_has_no_before_in_updates() -> None:
    value = encoded(event("u", before=None))
    assert read_envelope(value, full_identity=False).before is None
    with pytest.raises(IllegalEvent, match="REPLICA IDENTITY FULL"):
        read_envelope(value)


def test_the_load_s_own_payloads_are_envelopes() -> None:
    for record in range(60):
        assert read_envelope(payloads(1).value(record)).source.name == "dbserver"


@pytest.mark.parametrize(
    "value",
    [
        ["a", "b"],
        [],
        [[1, 2], [3, None]],
        {"a": "1", "b": None},
        {"scale": 2, "value": "MDk="},
        1.5,
    ],
    ids=["array", "empty array", "nested array", "hstore or struct", "numeric", "double"],
)
def test_a_column_may_have_any_json_value(value: Any) -> None:
    row = {**ROW, "tags": value}
    for op in "crud":
        rows = {side: row for side in ("before", "after") if event(op)[side] is not None}
        read = read_envelope(encoded(event(op, **rows)))
        assert (read.after or read.before or {})["tags"] == value


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_truncate_has_no_row(wrapped: bool) -> None:
    truncate = event("t", before=None, after=None)
    value = {"schema": {}, "payload": truncate} if wrapped else truncate
    read = read_envelope(encoded(value))
    assert (read.op, read.before, read.after, read.source.table) == ("t", None, None, "users")
    with pytest.raises(IllegalEvent, match="op t must have neither"):
        read_envelope(encoded(event("t", before=None)))
    with pytest.raises(IllegalEvent, match="op t must have neither"):
        read_envelope(encoded(event("t", after=None, before=ROW)))


def test_a_truncate_may_leave_the_row_s_fields_out() -> None:
    short = {k: v for k, v in event("t").items() if k not in ("before", "after")}
    assert read_envelope(encoded(short)).op == "t"


def test_a_logical_message_is_no_change_of_a_row() -> None:
    message = {
        "op": "m",
        "ts_ms": 2,
        "source": {**SOURCE, "table": "", "schema": ""},
        "message": {"transactional": True, "prefix": "p", "content": "aGk="},
    }
    assert read_envelope(encoded(message)).op == "m"
    with pytest.raises(IllegalEvent, match=r"source"):
        read_envelope(encoded({k: v for k, v in message.items() if k != "source"}))


def without(field: str) -> bytes:
    return encoded({name: value for name, value in event("c").items() if name != field})


SNAPSHOTTED = {**SOURCE, "snapshot": "true"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b"{", "truncated"),
        (b"[]", r"Expected `object`, got `array`"),
        (
            encoded({k: v for k, v in event("c").items() if k != "op"}),
            "missing required field `op`",
        ),
        (encoded({k: v for k, v in event("c").items() if k != "source"}), "field `source`"),
        (encoded({k: v for k, v in event("c").items() if k != "before"}), "field `before`"),
        (encoded(event("x")), r"\$\.op"),
        (encoded(event("c", ts_ms="now")), r"\$\.ts_ms"),
        (encoded(event("c", source={**SOURCE, "lsn": "24"})), r"\$\.source\.lsn"),
        (encoded(event("c", source={**SOURCE, "snapshot": True})), r"\$\.source\.snapshot"),
        (encoded(event("c", after=[1])), r"\$\.after"),
        (encoded(event("c", after=None)), "must have `after`"),
        (encoded(event("c", before=ROW)), "no `before`"),
        (encoded(event("u", after=None)), "must have `after`"),
        (encoded(event("d", before=None)), "must have `before`"),
        (encoded(event("d", after=ROW)), "no `after`"),
        (encoded(event("c", source={**SOURCE, "snapshot": "maybe"})), "unknown marker"),
        (encoded(event("r", source=SOURCE)), "snapshot marker 'false'"),
        (encoded(event("u", source=SNAPSHOTTED)), "snapshot marker 'true'"),
    ],
)
def test_what_is_no_envelope_names_its_field(value: bytes, told: str) -> None:
    with pytest.raises(IllegalEvent, match=told):
        read_envelope(value)
