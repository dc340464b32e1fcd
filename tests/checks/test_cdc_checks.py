"""The CDC oracle: what it must find in hand-written events, and what it must leave alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import msgspec
import pytest

from support.checks.cdc_changes import (
    changes_missing,
    duplicates,
    missing_changes,
    rolled_back_visible,
)
from support.checks.cdc_envelopes import events_of_snapshot, legal_envelopes
from support.checks.cdc_fold import UNCHANGED
from support.checks.cdc_image import image as judge_image
from support.checks.cdc_image import schema_changes
from support.checks.cdc_resumed import resent_from_commit, snapshot_repeated
from support.checks.cdc_rows import before, order, tombstones
from support.checks.cdc_settled import task_state
from support.checks.cdc_snapshot import changed_meanwhile
from support.checks.cdc_writer import statements_accepted
from support.record.changes import Change, Refusal, Transaction, TransactionOutcome, WrittenChanges
from support.record.envelope import Envelope, Row, Source
from support.record.events import NO_ROW, Altered, Column, Event, EventLog
from support.record.tables import Tables
from support.results.schema import Check, Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
ALL = {
    "CDC changes missing",
    "CDC rolled back visible",
    "CDC order",
    "CDC before",
    "CDC tombstones",
    "CDC duplicates",
    "CDC image",
}
PLAIN = {"id": Column("int8"), "name": Column("text"), "version": Column("int4")}
"""The columns of users."""


def row(version: int, key: int = 1) -> Row:
    return {"id": key, "name": f"v{version}", "version": version}


def made(
    op: str,
    version: int,
    *,
    before: int | None = None,
    key: int = 1,
    lsn: int = 0,
    ms: int = 1,
    xid: int | None = None,
) -> Event:
    """An event of users; `before` is the version that was there."""
    marker = "true" if op == "r" else "false"
    source = Source("2.5", "postgresql", "dbserver", ms, marker, "app", "public", "users", lsn, xid)
    old = row(version if op == "d" else before or 0, key) if op == "d" or before else None
    new = None if op == "d" else row(version, key)
    return Event("users", 0, 0, key, Envelope(op, source, 1, old, new), ms)  # type: ignore[arg-type]


def emptied(lsn: int) -> Event:
    """The event of a TRUNCATE of users."""
    source = Source("2.5", "postgresql", "dbserver", 1, "false", "app", "public", "users", lsn)
    return Event("users", 1, 0, NO_ROW, Envelope("t", source, 1, None, None), 1)


TOMBSTONE = Event("users", 0, 0, 1, None)
HISTORY = [made("c", 1), made("u", 2, before=1), made("d", 2), TOMBSTONE, made("c", 3, key=2)]


def written(
    *changes: Change, outcome: TransactionOutcome = TransactionOutcome.COMMITTED
) -> WrittenChanges:
    return WrittenChanges([Transaction("test", (change,), outcome, 1) for change in changes])


CHANGES = (
    Change("c", "users", 1, 1),
    Change("u", "users", 1, 2, 1),
    Change("d", "users", 1, 2),
    Change("c", "users", 2, 3),
)
IMAGE = {("users", 2): row(3, 2)}


def tables_of(rows: Mapping[tuple[str, int], Row]) -> Tables:
    """As PostgreSQL has them when nothing but rows was changed."""
    texts: dict[str, dict[int, dict[str, str | None]]] = {}
    for (table, key), row in rows.items():
        text = {name: None if value is None else str(value) for name, value in row.items()}
        texts.setdefault(table, {})[key] = text
    return Tables(texts, {"users": PLAIN}, {"users": PLAIN})


def check_rows(log: EventLog, did: WrittenChanges) -> tuple[Check, ...]:
    return order(log, did), tombstones(log, did), before(log, did)


def judged(
    events: Sequence[Event],
    did: WrittenChanges | None = None,
    image: dict[tuple[str, int], Row] | None = None,
    *,
    complete: bool = True,
) -> dict[str, Check]:
    log, did = EventLog(events, [], complete), did or written(*CHANGES)
    checks = (
        changes_missing(log, did),
        rolled_back_visible(log, did),
        duplicates(log, did),
        *check_rows(log, did),
        judge_image(log, did, tables_of(IMAGE if image is None else image)),
    )
    return {check.name: check for check in checks}


def failing(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.verdict is FAIL}


def test_what_was_done_arrived() -> None:
    checks = judged(HISTORY)
    assert set(checks) == ALL
    assert failing(checks) == set()


def test_what_is_sent_again_is_counted_and_nothing_else() -> None:
    checks = judged([*HISTORY, *HISTORY[1:]])
    assert failing(checks) == set()
    assert checks["CDC duplicates"].measured == 3


def test_a_missing_change_is_named_with_its_transaction() -> None:
    checks = judged([HISTORY[0], *HISTORY[2:]])
    assert failing(checks) == {"CDC changes missing", "CDC before"}
    assert checks["CDC changes missing"].evidence == (
        "u of users 1, version 2 of a transaction 'test'",
    )


def test_a_missing_last_change_leaves_the_wrong_image() -> None:
    checks = judged(HISTORY[:-1])
    assert failing(checks) == {"CDC changes missing", "CDC image"}
    assert checks["CDC image"].evidence == ("users 2: only in PostgreSQL",)


def test_a_change_that_was_rolled_back_must_not_arrive() -> None:
    did = written(*CHANGES)
    undone = Change("u", "users", 2, 4, 3)
    did.transactions += written(undone, outcome=TransactionOutcome.ROLLED_BACK).transactions
    checks = judged([*HISTORY, made("u", 4, before=3, key=2)], did)
    assert failing(checks) == {"CDC rolled back visible", "CDC image"}
    assert "was rolled back" in checks["CDC rolled back visible"].evidence[0]


def test_a_change_that_was_never_made_must_not_arrive() -> None:
    checks = judged([*HISTORY, made("c", 9, key=5)])
    assert failing(checks) == {"CDC rolled back visible", "CDC image"}
    assert "was never made" in checks["CDC rolled back visible"].evidence[0]


def test_a_row_changed_behind_the_writers_back_is_found() -> None:
    changed = {**row(3, 2), "name": "other"}
    event = made("u", 3, before=3, key=2)
    assert event.envelope is not None
    seen = msgspec.structs.replace(event.envelope, after=changed)
    behind = dataclasses.replace(event, envelope=seen)
    checks = judged([*HISTORY, behind], image={("users", 2): changed})
    assert failing(checks) == {"CDC rolled back visible"}


@pytest.mark.parametrize("arrived", [True, False])
def test_a_commit_that_was_cut_off_may_arrive_or_not(arrived: bool) -> None:
    did = written(*CHANGES)
    unknown = Change("u", "users", 2, 4, 3)
    did.transactions += written(unknown, outcome=TransactionOutcome.UNKNOWN).transactions
    events = [*HISTORY, *([made("u", 4, before=3, key=2)] if arrived else [])]
    assert failing(judged(events, did, {("users", 2): row(4 if arrived else 3, 2)})) == set()


def test_a_delete_needs_its_tombstone() -> None:
    assert failing(judged([*HISTORY[:3], HISTORY[4]])) == {"CDC tombstones"}
    # Sent again without it, too.
    assert failing(judged([*HISTORY, HISTORY[2]])) == {"CDC tombstones"}


def test_events_of_a_row_in_another_order_are_found() -> None:
    swapped = [HISTORY[1], HISTORY[0], *HISTORY[2:]]
    assert failing(judged(swapped)) >= {"CDC order"}
    late = [HISTORY[0], HISTORY[2], HISTORY[1], TOMBSTONE, HISTORY[4]]
    assert failing(judged(late)) >= {"CDC order"}


def test_before_must_be_the_after_of_the_event_before() -> None:
    wrong = [HISTORY[0], made("u", 2, before=7), *HISTORY[2:]]
    checks = judged(wrong)
    assert failing(checks) == {"CDC before"}
    assert "version '7' and '1'" in checks["CDC before"].evidence[0]


def test_a_row_that_differs_in_one_column_is_named_by_it() -> None:
    checks = judged(HISTORY, image={("users", 2): {**row(3, 2), "name": "other"}})
    assert failing(checks) == {"CDC image"}
    assert checks["CDC image"].evidence == (
        "users 2: the events and PostgreSQL have name 'v3' and 'other'",
    )


def test_a_large_value_that_an_update_left_alone_is_the_one_of_before() -> None:
    event = made("u", 4, key=2)
    assert event.envelope is not None
    after = {**row(4, 2), "name": UNCHANGED}
    events = [
        HISTORY[4],
        dataclasses.replace(event, envelope=msgspec.structs.replace(event.envelope, after=after)),
    ]
    did = written(CHANGES[3], Change("u", "users", 2, 4, 3))
    log = EventLog(events, [], True, full_identity=False)
    image: dict[tuple[str, int], Row] = {("users", 2): {**row(4, 2), "name": "v3"}}
    checks = (*check_rows(log, did), judge_image(log, did, tables_of(image)))
    others = {check.name: check.verdict for check in checks if check.verdict is not PASS}
    assert others == {"CDC before": INCONCLUSIVE}


@pytest.mark.parametrize(
    ("op", "full", "later", "verdict"),
    [
        # A change of the key: a delete, and a creation that lacks the value.
        ("c", False, None, PASS),
        # REPLICA IDENTITY FULL has it.
        ("c", True, None, FAIL),
        # An update of a row of which no earlier event has the value.
        ("u", False, None, FAIL),
        # Sent by a later event, and wrong.
        ("c", False, "another", FAIL),
        ("c", False, "v4", PASS),
    ],
)
def test_only_a_change_of_the_key_may_leave_a_large_value_out(
    op: str, full: bool, later: str | None, verdict: Verdict
) -> None:
    events = []
    for kind, version, name in ((op, 4, UNCHANGED), ("u", 5, later)):
        event = made(kind, version, key=2)
        assert event.envelope is not None
        after = {**row(version, 2), "name": name}
        changed = msgspec.structs.replace(event.envelope, after=after)
        events.append(dataclasses.replace(event, envelope=changed))
    events = events if later else events[:1]
    image: dict[tuple[str, int], Row] = {("users", 2): {**row(3 + len(events), 2), "name": "v4"}}
    log = EventLog(events, [], True, full_identity=full)
    check = judge_image(log, written(Change("c", "users", 2, 4, 3)), tables_of(image))
    assert check.verdict is verdict, check
    if later is None and verdict is PASS:
        assert "name of users is not compared in 1 rows" in check.evidence[1]


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ([made("r", 2)], 0),  # the change before it is in the snapshot
        ([made("r", 1)], 1),  # the snapshot is older than the second change
        ([made("r", 1), made("u", 2, before=1)], 0),
        ([made("c", 1)], 1),
    ],
)
def test_what_a_snapshot_shows_needs_no_event_of_its_own(shown: list[Event], missing: int) -> None:
    check = changes_missing(EventLog(shown, [], True), written(*CHANGES[:2]))
    assert (check.measured, check.verdict) == (missing, FAIL if missing else PASS)


CAME_AND_WENT = (Change("c", "users", 1, 1), Change("d", "users", 1, 1))


def came_and_went(*before_lsn: int | None) -> WrittenChanges:
    """A row that is inserted and deleted, each in a transaction that ended behind that LSN."""
    return WrittenChanges(
        [
            Transaction("test", (change,), TransactionOutcome.COMMITTED, 1, lsn)
            for change, lsn in zip(CAME_AND_WENT, before_lsn, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("before_lsn", "missing"),
    [
        ((10, 20), 0),  # all before the snapshot
        ((10, 99), 0),
        ((100, 110), 2),  # streaming had begun
        ((10, 100), 1),  # gone when streaming had begun: the snapshot, or an event, shows it
        ((None, None), 2),  # when they ended is unknown
    ],
)
def test_only_what_ended_before_the_snapshot_came_and_went_unseen(
    before_lsn: tuple[int | None, int | None], missing: int
) -> None:
    log = EventLog([made("r", 3, key=2, lsn=100)], [], True)
    check = changes_missing(log, came_and_went(*before_lsn))
    assert (check.measured, check.verdict) == (missing, FAIL if missing else PASS)
    if not missing:
        assert check.evidence == ("0 have one", "2 are in the snapshot (LSN 100)")
    streamed = EventLog([made("c", 3, key=2, lsn=100)], [], True)
    assert changes_missing(streamed, came_and_went(*before_lsn)).measured == 2


def test_a_delete_of_a_row_that_the_snapshot_shows_needs_its_event() -> None:
    did = written(CHANGES[0], Change("d", "users", 1, 1))
    log = EventLog([made("r", 1, lsn=100)], [], True)
    assert [change.op for _, change in missing_changes(log, did)] == ["d"]


def marked(event: Event, marker: str) -> Event:
    """With this in its source.snapshot."""
    assert event.envelope is not None
    source = msgspec.structs.replace(event.envelope.source, snapshot=marker)
    return dataclasses.replace(
        event, envelope=msgspec.structs.replace(event.envelope, source=source)
    )


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        # A second snapshot: streaming had begun when the row came.
        ([("last", 100), ("last", 900)], 2),
        ([("last", 900), ("last", 100)], 2),
        ([("true", 100), ("true", 900)], 2),
        ([("last", 100), ("incremental", 900)], 2),
        ([("incremental", 900)], 2),
        # The first was cut off, and begun again.
        ([("true", 100), ("last", 900)], 0),
        ([("first", 900), ("last", 900)], 0),
    ],
)
def test_only_the_first_whole_snapshot_excuses_what_came_and_went(
    shown: list[tuple[str, int]], missing: int
) -> None:
    rows = [marked(made("r", 3, key=2, lsn=lsn), marker) for marker, lsn in shown]
    check = changes_missing(EventLog(rows, [], True), came_and_went(300, 400))
    assert check.measured == missing


def test_a_row_that_lives_is_never_excused_by_the_snapshot_s_end() -> None:
    did = WrittenChanges([Transaction("test", (CHANGES[0],), TransactionOutcome.COMMITTED, 1, 10)])
    assert changes_missing(EventLog([made("r", 3, key=2, lsn=100)], [], True), did).measured == 1


def test_a_row_in_two_snapshots_is_judged_by_the_later_whatever_their_order() -> None:
    shown = [made("r", 1, lsn=5), made("r", 2, lsn=9)]
    for events in (shown, shown[::-1]):
        assert changes_missing(EventLog(events, [], True), written(*CHANGES[:2])).verdict is PASS


def test_a_trigger_s_work_in_a_transaction_of_the_writer_is_no_invention() -> None:
    did = WrittenChanges(
        [
            Transaction("test", (CHANGES[0],), TransactionOutcome.COMMITTED, 1, 10, 7),
            Transaction(
                "rollback",
                (Change("c", "users", 5, 5),),
                TransactionOutcome.ROLLED_BACK,
                1,
                None,
                8,
            ),
        ]
    )
    own, trigger = made("c", 1, lsn=11, xid=7), made("u", 1, before=1, lsn=12, xid=7)
    again = made("u", 1, before=1, lsn=13, xid=7)
    log = EventLog([own, trigger, again, trigger], [], True)
    assert rolled_back_visible(log, did).verdict is PASS
    assert duplicates(log, did).measured == 1
    assert rolled_back_visible(EventLog([made("u", 1, before=1, xid=9)], [], True), did).measured
    assert rolled_back_visible(EventLog([made("c", 5, key=5, xid=8)], [], True), did).measured
    assert rolled_back_visible(EventLog([made("c", 5, key=5, xid=7)], [], True), did).measured


def test_a_truncate_is_an_event_like_others() -> None:
    truncate = emptied(lsn=50)
    events = [made("c", 3, key=2, lsn=40), truncate, made("c", 4, key=3, lsn=60), truncate]
    did = written(CHANGES[3], Change("c", "users", 3, 4))
    checks = judged(events, did, {("users", 3): row(4, 3)})
    assert failing(checks) == set()
    assert checks["CDC duplicates"].measured == 1
    assert "1 TRUNCATE of users" in " ".join(checks["CDC image"].evidence)


def test_a_truncate_in_another_partition_empties_what_was_before_it_only() -> None:
    events = [emptied(lsn=50), made("c", 4, key=3, lsn=60), made("c", 3, key=2, lsn=40)]
    did = written(CHANGES[3], Change("c", "users", 3, 4))
    assert failing(judged(events, did, {("users", 3): row(4, 3)})) == set()
    kept = {("users", 3): row(4, 3), ("users", 2): row(3, 2)}
    assert failing(judged(events, did, kept)) == {"CDC image"}


# -- columns that come and go -------------------------------------------------------------

NICK = {**PLAIN, "nick": Column("text")}


def with_nick(event: Event, after: str | None = None, before: str | None = None) -> Event:
    """The event with another column, in the rows for which a value is given."""
    assert event.envelope is not None
    old, new = event.envelope.before, event.envelope.after
    if after is not None and new is not None:
        new = {**new, "nick": after}
    if before is not None and old is not None:
        old = {**old, "nick": before}
    changed = msgspec.structs.replace(event.envelope, before=old, after=new)
    return dataclasses.replace(event, envelope=changed)


OLD = [made("c", 1, lsn=10), made("c", 3, key=2, lsn=20)]
"""Before the column nick is added; afterwards only the first row changes."""
CHANGED = with_nick(made("u", 2, before=1, lsn=30), after="x", before="x")
DID = written(CHANGES[0], CHANGES[3], CHANGES[1])


def altered(nick: str, since_start: bool = False, **other: object) -> Tables:
    rows = {("users", 1): {**row(2), "nick": nick}, ("users", 2): {**row(3, 2), "nick": "x"}}
    tables = dataclasses.replace(tables_of(rows), columns={"users": NICK})
    if since_start:
        tables = dataclasses.replace(tables, columns_before={"users": NICK})
    return dataclasses.replace(tables, **other)  # type: ignore[arg-type]


def test_a_column_that_is_added_meanwhile_is_compared_from_then_on() -> None:
    log = EventLog([*OLD, CHANGED], [], True)
    check = judge_image(log, DID, altered("x"))
    assert check.verdict is PASS
    assert check.evidence == (
        "2 rows equal",
        "column nick of users is not compared in 1 rows: it was added after the row's last event",
    )
    assert failing({c.name: c for c in check_rows(log, DID)}) == set()
    found = judge_image(log, DID, altered("other"))
    assert (found.verdict, found.measured) == (FAIL, 1)
    assert found.evidence[0] == "users 1: the events and PostgreSQL have nick 'x' and 'other'"


def test_a_column_that_is_added_and_never_seen_is_reported() -> None:
    log = EventLog([*OLD, made("u", 2, before=1, lsn=30)], [], True)
    check = schema_changes(log, altered("x"))
    assert check.evidence == ("users: column nick (text) was added; no event has it",)
    seen = schema_changes(EventLog([*OLD, CHANGED], [], True), altered("x"))
    assert (seen.verdict, seen.measured) == (Verdict.MEASURED, 1)
    assert seen.evidence == ("users: column nick (text) was added; events have it from LSN 30 on",)


@pytest.mark.parametrize(
    ("when", "verdict", "told"),
    [
        # The first row changed when the column was there, the second before that.
        (Altered(22, 29), FAIL, "column nick of users is missing in the events of 1 rows"),
        (Altered(22, 30), INCONCLUSIVE, "not known whether 1 rows changed after that"),
        (Altered(0, 50), INCONCLUSIVE, "not known whether 2 rows changed after that"),
        (None, INCONCLUSIVE, "no event has the column nick that was added to users"),
        (Altered(30, 50), PASS, "is not compared in 2 rows: it was added after the row's last"),
    ],
)
def test_an_added_column_that_no_event_has_is_never_taken_for_a_later_one(
    when: Altered | None, verdict: Verdict, told: str
) -> None:
    log = EventLog([*OLD, made("u", 2, before=1, lsn=30)], [], True)
    tables = altered("x", altered={"users": {"nick": when}} if when else {})
    check = judge_image(log, DID, tables)
    assert check.verdict is verdict
    assert told in " ".join(check.evidence)


def test_a_column_that_was_dropped_and_added_again_is_missing_from_then_on() -> None:
    had = [with_nick(OLD[0], after="x"), *OLD[1:]]
    log = EventLog([*had, made("u", 2, before=1, lsn=30)], [], True)
    tables = altered("x", since_start=True, altered={"users": {"nick": Altered(31, 40)}})
    assert judge_image(log, DID, tables).verdict is PASS
    tables = altered("x", since_start=True, altered={"users": {"nick": Altered(21, 29)}})
    assert judge_image(log, DID, tables).measured == 1


@pytest.mark.parametrize(
    ("when", "full", "differing"),
    [
        (Altered(22, 29, retyped=True), True, 1),  # the first row changed after it, the other not
        (Altered(0, 9, retyped=True), True, 2),
        (Altered(22, 30, retyped=True), True, 0),
        # A large value that the change left alone has the form of before.
        (Altered(22, 29, retyped=True), False, 0),
        (None, True, 0),
    ],
)
def test_a_column_of_another_type_is_compared_in_the_rows_that_changed_since(
    when: Altered | None, full: bool, differing: int
) -> None:
    log = EventLog([*OLD, made("u", 2, before=1, lsn=30)], [], True, full_identity=full)
    image: dict[tuple[str, int], Row] = {
        ("users", 1): {**row(2), "name": 7},
        ("users", 2): {**row(3, 2), "name": 7},
    }
    tables = dataclasses.replace(
        tables_of(image),
        columns={"users": {**PLAIN, "name": Column("int8")}},
        altered={"users": {"name": when}} if when else {},
    )
    check = judge_image(log, DID, tables)
    assert (check.verdict, check.measured) == (FAIL if differing else PASS, differing)


def test_without_a_complete_reading_no_change_of_a_column_is_counted() -> None:
    check = schema_changes(EventLog(OLD, [], False), altered("x"))
    assert check.verdict is INCONCLUSIVE


def test_an_added_column_that_events_lose_again_is_missing() -> None:
    lost = made("u", 4, before=3, key=2, lsn=40)
    did = written(CHANGES[0], CHANGES[3], CHANGES[1], Change("u", "users", 2, 4, 3))
    rows = {("users", 1): {**row(2), "nick": "x"}, ("users", 2): {**row(4, 2), "nick": "x"}}
    tables = dataclasses.replace(altered("x"), rows=tables_of(rows).rows)
    check = judge_image(EventLog([*OLD, CHANGED, lost], [], True), did, tables)
    assert check.evidence[0] == "column nick of users is missing in the events of 1 rows"


def test_a_column_that_was_there_from_the_start_is_missing_with_its_cause() -> None:
    log = EventLog([*OLD, made("u", 2, before=1, lsn=30)], [], True)
    cause = "excluded by connector.column.exclude.list"
    tables = altered("x", since_start=True, touched={"users": {"nick": cause}})
    check = judge_image(log, DID, tables)
    assert (check.verdict, check.measured) == (FAIL, 2)
    assert check.evidence == (f"column nick of users is missing in the events of 2 rows ({cause})",)


def test_a_generated_column_is_not_replicated_by_postgresql() -> None:
    log = EventLog([*OLD, made("u", 2, before=1, lsn=30)], [], True)
    generated = {"users": {**PLAIN, "nick": Column("text", generated=True)}}
    tables = altered("x", columns=generated, columns_before=generated)
    check = judge_image(log, DID, tables)
    assert check.verdict is PASS
    assert "GENERATED" in check.evidence[1]


def test_a_masked_column_is_named() -> None:
    cause = "masked by connector.column.mask.with.5.chars"
    tables = dataclasses.replace(tables_of(IMAGE), touched={"users": {"name": cause}})
    event = made("c", 3, key=2)
    assert event.envelope is not None
    masked = msgspec.structs.replace(event.envelope, after={**row(3, 2), "name": "*****"})
    log = EventLog([*HISTORY[:4], dataclasses.replace(event, envelope=masked)], [], True)
    check = judge_image(log, written(*CHANGES), tables)
    told = f"users 2: the events and PostgreSQL have name '*****' and 'v3' ({cause})"
    assert (check.verdict, check.evidence) == (FAIL, (told,))


def test_a_column_that_is_dropped_or_retyped_meanwhile_is_reported() -> None:
    log = EventLog([*OLD, CHANGED], [], True)
    dropped = dataclasses.replace(
        altered("x", since_start=True), columns={"users": {**PLAIN, "name": Column("int8")}}
    )
    assert judge_image(log, DID, dropped).verdict is PASS
    assert schema_changes(log, dropped).evidence == (
        "users: column name was text and is int8",
        "users: column nick was dropped",
    )


def test_before_must_have_the_columns_that_after_has() -> None:
    half = with_nick(made("u", 2, before=1, lsn=30), after="x")
    check = {c.name: c for c in check_rows(EventLog([*OLD, half], [], True), DID)}["CDC before"]
    assert check.evidence[0].endswith("before has no nick, after has")


def test_rows_that_a_skipped_truncate_removed_are_told_with_their_cause() -> None:
    log, did = EventLog([made("c", 3, key=2)], [], True), written(CHANGES[3])
    tables = dataclasses.replace(tables_of({}), skips_truncate=True)
    check = judge_image(log, did, tables)
    assert check.verdict is FAIL
    assert "leaves out TRUNCATE (skipped.operations)" in check.evidence[0]


def test_without_a_complete_reading_or_a_commit_nothing_is_judged() -> None:
    for checks in (judged(HISTORY, complete=False), judged([], WrittenChanges())):
        assert {check.verdict for check in checks.values()} == {INCONCLUSIVE}


def test_illegal_events_are_the_evidence() -> None:
    check = legal_envelopes(EventLog(HISTORY, ["users, partition 0, offset 3: no op"], True))
    assert (check.verdict, check.evidence) == (FAIL, ("users, partition 0, offset 3: no op",))
    assert legal_envelopes(EventLog(HISTORY, [], True)).verdict is PASS
    assert legal_envelopes(EventLog([], [], True)).verdict is INCONCLUSIVE


def test_what_is_sent_again_must_lie_behind_the_commit() -> None:
    first, again = made("c", 1, lsn=50), made("u", 2, before=1, lsn=90)
    log = EventLog([first, again, again], [], True)
    assert resent_from_commit(log, 90, [90, 95]).verdict is PASS
    assert resent_from_commit(log, 91, [90, 95]).verdict is FAIL
    assert resent_from_commit(log, 91, [95]).verdict is FAIL
    without = EventLog([first], [], True)
    check = resent_from_commit(without, 91, [91, 95])
    assert (check.verdict, check.evidence) == (
        PASS,
        ("2 events after the restart, the first at LSN 91; 0 sent again",),
    )
    # An earlier change that was held back until then is found, too.
    assert resent_from_commit(without, 91, [80, 95]).verdict is FAIL
    # Nothing came after the restart: it resumed nowhere.
    assert resent_from_commit(without, 91, []).verdict is INCONCLUSIVE
    assert resent_from_commit(EventLog([first], [], False), 91, [95]).verdict is INCONCLUSIVE
    assert resent_from_commit(log, None, [95]).verdict is INCONCLUSIVE


def test_another_snapshot_is_found() -> None:
    log = EventLog([made("r", 1), made("r", 3, key=2)], [], True)
    assert snapshot_repeated(log, 2).verdict is PASS
    assert snapshot_repeated(log, 1).verdict is FAIL
    assert snapshot_repeated(EventLog([], [], False), 1).verdict is INCONCLUSIVE


def test_changes_must_fall_into_the_snapshot() -> None:
    taken = [10, 20]
    assert changed_meanwhile(taken, [(14, 15)]).verdict is Verdict.MEASURED
    assert changed_meanwhile(taken, [(24, 25)]).verdict is INCONCLUSIVE
    assert changed_meanwhile([], [(14, 15)]).verdict is INCONCLUSIVE
    # The clocks leave a doubt whether it was committed before the end.
    assert changed_meanwhile(taken, [(19, 21)]).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("not_snapshot", "illegal", "count", "verdict"),
    [(0, [], 3, PASS), (1, [], 3, FAIL), (0, ["videos: no op"], 3, FAIL), (0, [], 0, INCONCLUSIVE)],
)
def test_every_event_of_a_snapshot_is_one(
    not_snapshot: int, illegal: list[str], count: int, verdict: Verdict
) -> None:
    assert events_of_snapshot(not_snapshot, illegal, count).verdict is verdict


def test_a_dead_task_is_found_under_a_running_connector() -> None:
    assert task_state(True, "connector RUNNING, tasks RUNNING", "").verdict is PASS
    check = task_state(False, "connector RUNNING, tasks FAILED", "boom\nat line 1")
    assert (check.verdict, check.evidence[0]) == (FAIL, "boom")


def test_a_refused_statement_is_told_with_table_statement_and_postgresql_s_words() -> None:
    assert statements_accepted(written(*CHANGES)).verdict is PASS
    assert statements_accepted(WrittenChanges()).verdict is INCONCLUSIVE
    words = 'cannot update table "users" because it does not have a replica identity'
    refusal = Refusal("update", "users", "UPDATE own.users SET name = %s", "55000", words)
    check = statements_accepted(WrittenChanges([], [refusal]))
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert check.evidence == (
        f"table users: PostgreSQL refuses UPDATE own.users SET name = %s: {words} (SQLSTATE 55000)",
    )
