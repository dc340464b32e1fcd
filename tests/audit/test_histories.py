"""Hand-written histories: what the audit must find, and near misses that it must not find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from support.audit.tables import TableColumn
from support.record.audit import AuditedTable
from tests.audit.histories import BODY, ID, NAME, UNCHANGED, Topic, compared, table_of

Compare = Callable[..., AuditedTable]
A, B = {"id": 1, "name": "a"}, {"id": 1, "name": "b"}
LARGE = (ID, NAME, BODY)


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Compare:
    def run(rows: Sequence[Sequence[object]], topic: Topic, *table: Any, **more: Any) -> Any:
        return compared(monkeypatch, tmp_path, rows, topic, *table, **more)

    return run


def counts(found: AuditedTable) -> tuple[int, int, int]:
    assert not found.trouble, found.trouble
    return found.missing, found.surplus, found.different


def test_equal_rows(compare: Compare) -> None:
    topic = Topic().add("r", after=A).add("u", after=B).add("c", after={"id": 2, "name": None})
    found = compare([(1, "b", 500), (2, None, 500)], topic)
    assert counts(found) == (0, 0, 0)
    assert found.compared == ("id", "name") and found.events == 3 and not found.partly
    assert found.judged == 2


def test_a_missing_row(compare: Compare) -> None:
    found = compare([(1, "a", 500), (7, "x", 777)], Topic().add("c", after=A))
    assert counts(found) == (1, 0, 0)
    (row,) = found.findings
    assert (row.kind, row.key, row.transaction) == ("missing", "id=7", 777)
    assert (row.what, row.offset) == ("no event has it", None)


def test_a_row_that_an_event_deletes(compare: Compare) -> None:
    found = compare([(1, "a", 500)], Topic().add("c", after=A).deleted(id=1, name=None))
    (row,) = found.findings
    assert counts(found) == (1, 0, 0)
    assert row.what == "its last event deletes it" and row.offset == 1 and row.lsn == 120


def test_a_surplus_row(compare: Compare) -> None:
    found = compare([], Topic().add("c", after=A, partition=2))
    (row,) = found.findings
    assert counts(found) == (0, 1, 0)
    assert (row.kind, row.key, row.partition, row.offset) == ("surplus", "id=1", 2, 0)


def test_a_different_row(compare: Compare) -> None:
    found = compare([(1, "a", 500)], Topic().add("c", after=A).add("u", after=B))
    (row,) = found.findings
    assert counts(found) == (0, 0, 1)
    assert row.what == "name is b in the topic, a in the table"
    assert (row.lsn, row.committed_ms) == (120, 1_699_999_999_000)


def test_a_differing_row_whose_event_cannot_be_read_again(compare: Compare) -> None:
    topic = Topic().add("c", after=B).add("c", after={"id": 2, "name": "x"})
    rows = [(1, "a", 500), (2, "z", 500)]
    none = compare(rows, topic, unread=(0, 1))
    assert (counts(none), none.unverified, none.findings) == ((0, 0, 0), 2, ())
    one = compare(rows, topic, unread=(0,))
    assert (counts(one), one.unverified) == ((0, 0, 1), 1)
    assert [each.key for each in one.findings] == ["id=2"]


def test_a_null_is_not_an_empty_text(compare: Compare) -> None:
    empty = {"id": 1, "name": ""}
    assert counts(compare([(1, None, 500)], Topic().add("c", after=empty))) == (0, 0, 1)


def test_events_after_the_cut_do_not_count(compare: Compare) -> None:
    topic = Topic().add("c", after=A).add("u", after=B, lsn=50_001, tx=1010)
    topic.add("c", after={"id": 2, "name": "x"}, lsn=50_002, tx=1011)
    # It was open at the cut, although its change is below the cut's LSN.
    topic.add("u", after=B, lsn=49_000, tx=1000)
    assert counts(compare([(1, "a", 500)], topic)) == (0, 0, 0)


def test_an_event_without_a_transaction_that_may_have_been_open(compare: Compare) -> None:
    topic = Topic().add("c", after=A).add("u", after=B, lsn=45_000, txId=None)
    found = compare([(1, "a", 500)], topic)
    assert counts(found) == (0, 0, 0)
    assert found.partly == {"changed while the cut was made, and events have no txId": 1}


def test_a_snapshot_that_is_taken_after_the_cut(compare: Compare) -> None:
    topic = Topic().add("r", after=A, lsn=60_000, tx=1020)
    found = compare([(1, "z", 500)], topic)
    assert counts(found) == (0, 0, 0) and sum(found.partly.values()) == 1


def test_events_that_come_again(compare: Compare) -> None:
    topic = Topic().add("c", after=A, lsn=100).add("u", after=B, lsn=110)
    topic.add("c", after=A, lsn=100).add("u", after=B, lsn=110)
    assert counts(compare([(1, "b", 500)], topic)) == (0, 0, 0)


def test_a_change_of_the_key(compare: Compare) -> None:
    topic = Topic().add("c", after=A).deleted(**A).add("c", after={"id": 2, "name": "a"})
    assert counts(compare([(2, "a", 500)], topic)) == (0, 0, 0)
    assert counts(compare([(1, "a", 500)], topic)) == (1, 1, 0)


def test_a_key_whose_events_are_in_several_partitions(compare: Compare) -> None:
    topic = Topic().add("u", after=B, lsn=300, partition=0).add("c", after=A, lsn=200, partition=1)
    found = compare([(1, "b", 500)], topic)
    assert counts(found) == (0, 0, 0)
    assert found.notes == (
        "the events of 1 keys are in several partitions; they were ordered by LSN",
    )


def test_truncate(compare: Compare) -> None:
    topic = Topic().add("c", after=A).add("t").add("c", after={"id": 2, "name": "x"})
    found = compare([(2, "x", 500)], topic)
    assert counts(found) == (0, 0, 0)
    assert found.notes == ("1 TRUNCATE, which the comparison follows",)
    rolled_back = Topic().add("c", after=A).add("t", lsn=49_000, tx=1000)
    assert counts(compare([(1, "a", 500)], rolled_back)) == (0, 0, 0)


def test_large_values_that_updates_leave_alone(compare: Compare) -> None:
    table = table_of(LARGE, toasted=True)
    topic = Topic().add("c", after={**A, "body": "long"})
    topic.add("u", after={**B, "body": UNCHANGED}).add("u", after={**A, "body": UNCHANGED})
    assert counts(compare([(1, "a", "long", 500)], topic, table)) == (0, 0, 0)
    found = compare([(1, "a", "other", 500)], topic, table)
    assert counts(found) == (0, 0, 1)
    assert found.findings[0].what == "one of body, which earlier events have"


def test_a_large_value_that_no_event_has(compare: Compare) -> None:
    table = table_of(LARGE, toasted=True)
    topic = Topic().add("c", after={**A, "body": "first life"}).deleted(id=1)
    topic.add("c", after={**A, "body": UNCHANGED}).add("u", after={**B, "body": UNCHANGED})
    found = compare([(1, "b", "moved here", 500)], topic, table)
    assert counts(found) == (0, 0, 0)
    assert found.partly == {"no event has the value of body": 1}


@pytest.mark.parametrize("placeholder", ["<unchanged>"])
def test_another_placeholder(compare: Compare, placeholder: str) -> None:
    table, config = table_of(LARGE, toasted=True), {"unavailable.value.placeholder": placeholder}
    topic = Topic().add("c", after={**A, "body": "long"}).add("u", after={**B, "body": placeholder})
    assert counts(compare([(1, "b", "long", 500)], topic, table, config=config)) == (0, 0, 0)


def test_a_column_that_was_added_and_one_that_was_dropped(compare: Compare) -> None:
    added = TableColumn("added", "int4")
    topic = Topic().add("c", after={**A, "old": 1}).add("c", after={"id": 2, "name": "b"})
    topic.add("u", after={"id": 2, "name": "b", "added": 5})
    rows = [(1, "a", 7, 500), (2, "b", 5, 501)]
    found = compare(rows, topic, table_of((ID, NAME, added)))
    assert counts(found) == (0, 0, 0)
    assert found.partly == {"the last event does not have the column added": 1}
    wrong = [(1, "a", 7, 500), (2, "b", 6, 501)]
    assert counts(compare(wrong, topic, table_of((ID, NAME, added)))) == (0, 0, 1)


def test_rows_without_a_key_are_multisets(compare: Compare) -> None:
    table = table_of(key=(), full_identity=True)
    topic = Topic(key=()).add("c", after=A).add("c", after=A).add("u", before=A, after=B)
    topic.add("c", after=A).add("d", before=A)
    assert counts(compare([(1, "a", 500), (1, "b", 500)], topic, table)) == (0, 0, 0)
    assert counts(compare([(1, "b", 500), (1, "b", 500)], topic, table)) == (1, 1, 0)
    assert counts(compare([(1, "a", 500), (1, "a", 500), (1, "b", 500)], topic, table)) == (1, 0, 0)


def test_rows_without_a_key_whose_events_came_again(compare: Compare) -> None:
    table, topic = table_of(key=(), full_identity=True), Topic(key=())
    topic.add("c", after=A, lsn=200).add("c", after=B, lsn=210).add("c", after=A, lsn=200)
    found = compare([(1, "a", 500), (1, "b", 500)], topic, table)
    assert found.trouble.startswith("it has no key, and events came again")


def test_a_topic_that_begins_later_than_its_table(compare: Compare) -> None:
    topic = Topic().add("u", after=B, tx=600).add("c", after={"id": 2, "name": "x"}, tx=610)
    rows = [(1, "b", 600), (2, "x", 610), (3, "older", 590), (4, "as old", 605)]
    found = compare(rows, topic, whole=False)
    assert counts(found) == (0, 0, 0)
    assert "2 rows that no event has are older, and not judged" in found.since
    assert counts(compare([*rows, (5, "younger", 700)], topic, whole=False)) == (1, 0, 0)
    deleted = Topic().add("c", after=A, tx=600).deleted(id=1)
    assert counts(compare([(1, "a", 590)], deleted, whole=False)) == (1, 0, 0)


def test_rows_that_are_not_judged(compare: Compare) -> None:
    rows = [(1, "a", 500), (2, "x", 500)]
    empty = compare(rows, Topic(), whole=False)
    assert (empty.judged, counts(empty)) == (0, (0, 0, 0))
    assert empty.since == "its topic has no event: 2 rows are not judged"
    opened = Topic().add("u", after=A, lsn=45_000, txId=None)
    opened.add("u", after={"id": 2, "name": "z"}, lsn=45_000, txId=None)
    assert compare(rows, opened).judged == 0
    half = Topic().add("u", after=A, tx=600)
    assert compare(rows, half, whole=False).judged == 1
    assert compare(rows, Topic()).judged == 2
    keyless = table_of(key=(), full_identity=True)
    assert compare(rows, Topic(key=()).add("c", after=A), keyless, whole=False).judged == 1


def test_a_compacted_topic_of_which_tombstones_are_left(compare: Compare) -> None:
    topic = Topic().add("c", after=A).raw(b'{"id":1}', None).raw(b'{"id":9}', None)
    assert counts(compare([], topic)) == (0, 0, 0)
    wrapped = Topic().add("c", after=A).raw(b'{"schema":{},"payload":{"id":1}}', None)
    assert counts(compare([], wrapped)) == (0, 0, 0)


def test_records_that_are_no_envelopes(compare: Compare) -> None:
    avro = compare([(1, "a", 500)], Topic().raw(b"k", b"\x00\x00\x00\x00\x01abc"))
    assert "1 records of p.public.users are no envelopes" in avro.trouble
    assert "Schema Registry" in avro.trouble
    some = compare([(1, "a", 500)], Topic().add("c", after=A).raw(b"k", b"{}"))
    assert counts(some) == (0, 0, 0) and some.unreadable == 1
    assert some.first_unreadable.startswith("partition 0, offset 1: ")


def test_events_of_other_tables_and_databases(compare: Compare) -> None:
    topic = Topic().add("c", after=A).add("c", after={"id": 2, "name": "x"}, db="other")
    topic.add("c", after={"id": 3, "name": "x"}, table="others")
    assert counts(compare([(1, "a", 500)], topic)) == (0, 0, 0)


def test_columns_that_are_not_compared_are_named(compare: Compare) -> None:
    columns = (
        *(ID, NAME, TableColumn("t", "tsvector"), TableColumn("g", "int4", generated=True)),
        *(TableColumn("left_out", "text"), TableColumn("masked", "text")),
    )
    config = {
        "column.exclude.list": "public.users.left_out",
        "column.mask.with.3.chars": "public.users.masked",
    }
    topic = Topic().add("c", after={**A, "masked": "***"})
    found = compare([(1, "a", "x", 2, "y", "z", 500)], topic, table_of(columns), config=config)
    assert counts(found) == (0, 0, 0)
    assert {name: why.split("(")[0].strip() for name, why in found.skipped.items()} == {
        "t": "values of type tsvector are not compared",
        "g": "PostgreSQL does not replicate a GENERATED column",
        "left_out": "the connector leaves it out",
        "masked": "the connector sends another value",
    }


def test_a_value_in_an_unusual_form_that_is_equal_after_all(compare: Compare) -> None:
    columns = (ID, TableColumn("doc", "jsonb"), TableColumn("day", "timestamp"))
    topic = Topic().add("c", after={"id": 1, "doc": '{"b":2,"a":1}', "day": 9_223_372_036_825_200})
    found = compare([(1, '{"a": 1, "b": 2}', "infinity", 500)], topic, table_of(columns))
    assert counts(found) == (0, 0, 0)
    assert found.partly == {"values of day can't be compared": 1}


@pytest.mark.parametrize(
    ("kind", "text", "value", "different"),
    [
        ("point", "(1,2)", {"x": 1.0, "y": 2.0}, 0),
        ("point", "(1,2)", {"x": 1.0, "y": 2.5}, 1),
        ("interval", "00:00:01", 1_000_000, 0),
        ("interval", "00:00:01", 1_000_001, 1),
    ],
)
def test_types_that_have_a_form_for_the_audit_only(
    compare: Compare, kind: str, text: str, value: object, different: int
) -> None:
    topic = Topic().add("c", after={"id": 1, "c": value})
    found = compare([(1, text, 500)], topic, table_of((ID, TableColumn("c", kind))))
    assert counts(found) == (0, 0, different) and not found.partly


def test_many_rows_in_many_parts(compare: Compare) -> None:
    topic = Topic()
    for number in range(3000):
        topic.add("c", after={"id": number, "name": f"n{number}"}, partition=number % 3)
    rows = [(number, f"n{number}", 500) for number in range(3000)]
    assert counts(compare(rows, topic, parts=16)) == (0, 0, 0)
    assert counts(compare(rows[1:], topic, parts=16)) == (0, 1, 0)
