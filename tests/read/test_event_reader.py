"""A record of a captured table's topic becomes an event, or an error that names its offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from support.read import event_reader
from support.read.event_reader import not_envelopes, to_event
from support.record.envelope import IllegalEvent
from support.record.events import NO_ROW
from tests.record.test_envelope import encoded, event


@dataclass(frozen=True)
class Record:
    """A fake of confluent_kafka.Message."""

    key_: bytes | None
    value_: bytes | None

    def topic(self) -> str:
        return "dbserver.public.users"

    def partition(self) -> int:
        return 2

    def offset(self) -> int:
        return 7

    def key(self) -> bytes | None:
        return self.key_

    def value(self) -> bytes | None:
        return self.value_

    def timestamp(self) -> tuple[int, int]:
        return 1, 99


class Reader(list[list[Record]]):
    """A fake of TopicReader: its batches, all of them read."""

    complete, damaged = True, ()


@pytest.mark.parametrize("key", [b'{"id":4}', b'{"schema":{},"payload":{"id":4}}'])
def test_the_id_of_the_row_is_read_from_the_key(key: bytes) -> None:
    read = to_event(Record(key, encoded(event("c"))))
    assert (read.table, read.partition, read.offset, read.key) == ("users", 2, 7, 4)
    assert (read.stored_ms, read.lsn) == (99, 24)
    assert to_event(Record(key, None)).envelope is None


def test_a_truncate_has_no_key() -> None:
    truncate = to_event(Record(None, encoded(event("t", before=None, after=None))))
    assert (truncate.table, truncate.key) == ("users", NO_ROW)


def test_without_a_primary_key_the_id_is_read_from_the_row() -> None:
    for op in "crud":
        assert to_event(Record(None, encoded(event(op)))).key == 1


def test_a_tombstone_without_a_key_is_illegal() -> None:
    with pytest.raises(IllegalEvent, match="offset 7: there is no key, as of a table without"):
        to_event(Record(None, None))


@pytest.mark.parametrize(
    "key",
    [
        b'{"email":"x"}',
        b'{"id":"x"}',
        b'{"id":null}',
        b'{"schema":{},"payload":{"email":"x"}}',
        b'{"schema":{},"payload":"x"}',
        b"[1]",
        b"\xff",
    ],
)
def test_a_key_without_an_id_is_reported_with_its_offset(key: bytes) -> None:
    reason = "the key .* has no whole number `id`"
    with pytest.raises(IllegalEvent, match=f"users, partition 2, offset 7: {reason}"):
        to_event(Record(key, encoded(event("c"))))


def test_an_illegal_envelope_is_reported_with_its_offset() -> None:
    with pytest.raises(IllegalEvent, match="users, partition 2, offset 7"):
        to_event(Record(b'{"id":4}', encoded(event("x"))))


def test_only_where_another_form_is_possible_may_records_be_no_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [Record(None, b"\x00avro"), Record(None, encoded(event("c"))), Record(None, b"{}")]
    reader = Reader([records])
    monkeypatch.setattr(event_reader, "TopicReader", lambda *_: reader)
    client: Any = None
    strict = not_envelopes(client, ["t"], 20, timedelta(seconds=1))
    assert len(strict) == 2
    known = not_envelopes(client, ["t"], 20, timedelta(seconds=1), ["dbserver.public.users"])
    assert len(known) == 1
