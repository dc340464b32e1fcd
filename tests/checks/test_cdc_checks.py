"""The CDC oracle: what it must find in hand-written events, and what it must leave alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import msgspec
import pytest

from support.checks.cdc_changes import changes_missing, duplicates, rolled_back_visible
from support.checks.cdc_envelopes import events_of_snapshot, legal_envelopes
from support.checks.cdc_recovery import resent_from_commit, snapshot_repeated, task_state
from support.checks.cdc_rows import UNCHANGED, check_rows
from support.checks.cdc_snapshot import changed_meanwhile
from support.ledger.changes import Change, Fate, Transaction, WrittenChanges
from support.ledger.envelope import Envelope, Row, Source
from support.ledger.events import Event, EventLog
from support.results.schema import Check, Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
ALL = {"CDC changes missing", "CDC rolled back visible", "CDC order", "CDC before",
       "CDC tombstones", "CDC duplicates", "CDC image"}  # fmt: skip


def row(version: int, key: int = 1) -> Row:
    return {"id": key, "name": f"v{version}", "version": version}


def made(
    op: str, version: int, *, before: int | None = None, key: int = 1, lsn: int = 0, ms: int = 1
) -> Event:
    """An event of users; `before` is the version that was there."""
    marker = "true" if op == "r" else "false"
    source = Source("2.5", "postgresql", "dbserver", ms, marker, "app", "public", "users", lsn)
    old = row(version if op == "d" else before or 0, key) if op == "d" or before else None
    new = None if op == "d" else row(version, key)
    return Event("users", 0, 0, key, Envelope(op, source, 1, old, new), ms)  # type: ignore[arg-type]


TOMBSTONE = Event("users", 0, 0, 1, None)
HISTORY = [made("c", 1), made("u", 2, before=1), made("d", 2), TOMBSTONE, made("c", 3, key=2)]


def written(*changes: Change, fate: Fate = Fate.COMMITTED) -> WrittenChanges:
    return WrittenChanges([Transaction("test", (change,), fate, 1) for change in changes])


CHANGES = (
    Change("c", "users", 1, 1), Change("u", "users", 1, 2, 1), Change("d", "users", 1, 2),
    Change("c", "users", 2, 3),
)  # fmt: skip
IMAGE = {("users", 2): row(3, 2)}


def judged(
    events: Sequence[Event],
    did: WrittenChanges | None = None,
    image: dict[tuple[str, int], Row] | None = None,
    *,
    complete: bool = True,
) -> dict[str, Check]:
    log, did = EventLog(events, [], complete), did or written(*CHANGES)
    checks = (
        changes_missing(log, did), rolled_back_visible(log, did), duplicates(log, did),
        *check_rows(log, did, IMAGE if image is None else image),
    )  # fmt: skip
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
    did.transactions += written(undone, fate=Fate.ROLLED_BACK).transactions
    checks = judged([*HISTORY, made("u", 4, before=3, key=2)], did)
    assert failing(checks) == {"CDC rolled back visible", "CDC image"}
    assert "was rolled back" in checks["CDC rolled back visible"].evidence[0]


def test_a_change_that_nobody_made_must_not_arrive() -> None:
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
    did.transactions += written(unknown, fate=Fate.UNKNOWN).transactions
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
    image = {("users", 2): {**row(4, 2), "name": "v3"}}
    checks = check_rows(log, did, image)
    assert [check.name for check in checks if check.verdict is not PASS] == []
    assert "CDC before" not in {check.name for check in checks}


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


def test_a_row_that_came_and_went_before_the_snapshot_needs_no_event() -> None:
    log = EventLog([made("r", 3, key=2)], [], True)
    assert changes_missing(log, written(*CHANGES)).verdict is PASS
    without_snapshot = EventLog([made("c", 3, key=2)], [], True)
    assert changes_missing(without_snapshot, written(*CHANGES)).measured == 3


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
        PASS, ("2 events after the restart, the first at LSN 91; 0 sent again",)
    )  # fmt: skip
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
