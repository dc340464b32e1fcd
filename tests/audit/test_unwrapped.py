"""Records that ExtractNewRecordState has unwrapped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.audit.unwrapped import Unwrapped, read_whole, reading_of
from support.clients.team_connectors import PostgresConnector
from support.errors import Inconclusive
from support.record.audit import AuditedTable
from support.record.envelope import IllegalEvent
from tests.audit.histories import Topic, compared, table_of

UNWRAP = "io.debezium.transforms.ExtractNewRecordState"
USERS = ("public", "users")


def connector(**settings: str) -> PostgresConnector:
    """A connector that unwraps; `_` in a keyword is `.` in the transform's setting."""
    given = {f"transforms.u.{key.replace('_', '.')}": value for key, value in settings.items()}
    return PostgresConnector("c", {"transforms": "u", "transforms.u.type": UNWRAP, **given})


def test_the_layout_follows_from_the_settings() -> None:
    fields = "op, lsn,source.txId,source.ts_ms:stamp,table,schema"
    read = reading_of(connector(add_fields=fields, add_fields_prefix="_"), "app", [USERS])
    row = {"id": 1, "_op": "c", "_lsn": 7, "_source_txId": 9, "_stamp": 5, "_table": "t"}
    event = read(json.dumps({**row, "_schema": "s"}).encode())
    assert (event.op, event.after, event.before) == ("c", {"id": 1}, None)
    source = event.source
    assert (source.lsn, source.txId, source.ts_ms, source.schema, source.table) == (
        *(7, 9, 5, "s", "t"),
    )


def test_without_the_transform_records_are_envelopes() -> None:
    assert reading_of(PostgresConnector("c", {}), "app", [USERS]) is read_whole


@pytest.mark.parametrize(
    ("fields", "tables", "lacks"),
    [("op,table", 1, "lsn"), ("", 1, "lsn"), ("op,lsn,schema", 2, "table")],
)
def test_records_that_lack_what_is_needed(fields: str, tables: int, lacks: str) -> None:
    with pytest.raises(Inconclusive, match=f"have no {lacks}"):
        reading_of(connector(add_fields=fields), "app", [USERS] * tables)


LAYOUT = Unwrapped("app", *USERS, {"lsn": "__lsn", "txId": "__txId", "op": "__op"})


def test_other_records() -> None:
    wrapped = LAYOUT.read(b'{"schema":{},"payload":{"id":1,"__lsn":7,"__txId":null,"__op":"r"}}')
    assert (wrapped.op, wrapped.source.snapshot, wrapped.source.txId) == ("r", "true", None)
    gone = LAYOUT.read(b'{"id":1,"__lsn":7,"__deleted":"true"}')
    assert (gone.op, gone.before, gone.after) == ("d", {"id": 1}, None)
    whole = Topic().add("c", after={"id": 1}).records[0].record_value or b""
    assert LAYOUT.read(whole).op == "c"
    for value in (b"{}", b"[]", b"\x00", b'{"__lsn":"x"}'):
        with pytest.raises(IllegalEvent):
            LAYOUT.read(value)


def test_an_unwrapped_topic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def run(rows: Any, topic: Topic) -> AuditedTable:
        return compared(monkeypatch, tmp_path, rows, topic, table_of(), read=LAYOUT.read)

    def add(topic: Topic, **row: object) -> Topic:
        value = {**row, "__lsn": 100, "__txId": 500, "__op": "c"}
        return topic.raw(json.dumps({"id": row["id"]}).encode(), json.dumps(value).encode())

    topic = add(add(Topic(), id=1, name="a"), id=2, name="b").raw(b'{"id":2}', None)
    found = run([(1, "a", 500)], topic)
    assert (found.missing, found.surplus, found.different, found.partly) == (0, 0, 0, {})
    # These have no time of their commit.
    later = json.dumps({"id": 1, "name": "z", "__lsn": 60_000, "__txId": 1011, "__op": "u"})
    found = run([(1, "a", 500)], add(Topic(), id=1, name="a").raw(b'{"id":1}', later.encode()))
    assert (found.missing, found.surplus, found.different) == (0, 0, 0)
    # A tombstone has no LSN: this one may be younger than the cut.
    topic = add(Topic(), id=1, name="a").raw(b'{"id":1}', None, stored_ms=1_700_000_000_000)
    found = run([(1, "a", 500)], topic)
    assert (found.missing, found.surplus, found.different) == (0, 0, 0)
    assert sum(found.partly.values()) == 1
