"""When change data capture comes back, catches up and is confirmed: the limits and the doubts."""

from __future__ import annotations

import pytest

from support.checks.cdc_help import back_without_help
from support.checks.cdc_recovery import Watch, cdc_fault_effect, cdc_recovery
from support.checks.cdc_resumed import resent_bound, resent_from_commit
from support.checks.cdc_settled import caught_up, replication_slot, slot_confirmed
from support.clock import NS_PER_S, ClockOffset
from support.record.events import EventLog
from support.record.slots import Slot
from support.results.schema import Verdict
from tests.checks.test_cdc_checks import made

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
HEAL, READY = 10 * NS_PER_S, 25 * NS_PER_S


# -- caught up -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrived_s", "waited_s", "verdict"),
    [
        (0.05, 0.1, PASS),
        (60.0, 61, PASS),
        (100.0, 100, FAIL),  # -D patience=2 waits longer, and moves no limit
        (None, 60, FAIL),
        (None, 120, FAIL),
        (None, 21, INCONCLUSIVE),  # -D patience=0.35 ends before the limit
    ],
)
def test_caught_up_within_its_limit_however_long_was_waited(
    arrived_s: float | None, waited_s: float, verdict: Verdict
) -> None:
    check = caught_up(arrived_s, waited_s, 60)
    assert check.verdict is verdict
    assert check.objective.startswith("within 60 s")


def test_what_can_never_come_fails_without_waiting_for_the_limit() -> None:
    check = caught_up(None, 0.4, 60, hopeless="its task FAILED: boom")
    assert (check.verdict, check.measured) == (FAIL, "never")
    assert check.evidence[0] == "its task FAILED: boom"


def test_a_dead_watch_knows_nothing() -> None:
    assert caught_up(None, 99, 60, trouble="the watch ended").verdict is INCONCLUSIVE
    check = cdc_recovery(HEAL, READY, Watch(None, trouble="the watch ended"), 60)
    assert (check.verdict, check.evidence) == (INCONCLUSIVE, ("the watch ended",))


# -- recovery --------------------------------------------------------------------------------


def test_recovery_runs_from_the_beginning_of_the_heal_and_its_limit_from_ready() -> None:
    check = cdc_recovery(HEAL, READY, Watch(int(25.5 * NS_PER_S)), 60)
    assert (check.verdict, check.measured) == (PASS, 15.5)
    assert check.objective == "below 75 s from the beginning of the heal (60 s after ready at 15 s)"
    assert cdc_recovery(HEAL, READY, Watch(84 * NS_PER_S), 60).verdict is PASS
    assert cdc_recovery(HEAL, READY, Watch(85 * NS_PER_S), 60).verdict is FAIL


def test_recovery_without_a_limit_is_measured() -> None:
    check = cdc_recovery(HEAL, READY, Watch(90 * NS_PER_S), None, helped="the worker was restarted")
    assert (check.verdict, check.measured) == (Verdict.MEASURED, 80)
    assert check.evidence == ("the worker was restarted",)


@pytest.mark.parametrize(
    ("limit_s", "until_s", "verdict"),
    [
        (60, 85, FAIL),
        (60, 84, INCONCLUSIVE),
        # Without a limit: after as long as a scenario waits.
        (None, 12, INCONCLUSIVE),
        (None, 189, INCONCLUSIVE),
        (None, 190, FAIL),
    ],
)
def test_what_did_not_come_back_is_a_failure_only_after_its_limit(
    limit_s: float | None, until_s: int, verdict: Verdict
) -> None:
    check = cdc_recovery(HEAL, READY, Watch(None, until_ns=until_s * NS_PER_S), limit_s)
    assert check.verdict is verdict


@pytest.mark.parametrize("limit_s", [None, 60])
def test_what_can_never_come_back_is_not_waited_for(limit_s: float | None) -> None:
    until_ns = HEAL + 2 * NS_PER_S
    check = cdc_recovery(
        HEAL, READY, Watch(None, until_ns=until_ns, hopeless="the slot is lost"), limit_s
    )
    assert (check.verdict, check.measured) == (FAIL, "never")
    assert "the slot is lost" in check.evidence


def test_what_the_reader_s_client_reported_is_evidence_of_a_never() -> None:
    reported = ("the reader's client reported _ALL_BROKERS_DOWN (3 times)",)
    caught = caught_up(None, 60, 60, reported=reported)
    back = cdc_recovery(HEAL, READY, Watch(None, until_ns=85 * NS_PER_S, reported=reported), 60)
    for check in (caught, back):
        assert (check.verdict, check.measured) == (FAIL, "never")
        assert check.evidence[1:] == reported


def test_a_limit_that_lies_within_the_doubt_of_the_clocks_is_not_judged() -> None:
    late = int(85.5 * NS_PER_S)
    assert cdc_recovery(HEAL, READY, Watch(late, doubt_ms=1), 60).verdict is FAIL
    assert cdc_recovery(HEAL, READY, Watch(late, doubt_ms=600), 60).verdict is INCONCLUSIVE


# -- resent ----------------------------------------------------------------------------------

AGAIN = made("u", 2, before=1, ms=3_000)
RESENT = EventLog([made("c", 1, ms=1), AGAIN, AGAIN], [], True)
SAME = ClockOffset(0, 0)


def test_what_is_sent_again_is_no_older_than_a_flush() -> None:
    first = made("c", 1, ms=1)
    assert resent_bound(RESENT, 10 * NS_PER_S, SAME, 2_000).verdict is PASS
    assert resent_bound(RESENT, 10 * NS_PER_S + 1, SAME, 2_000).verdict is FAIL
    assert resent_bound(EventLog([first], [], True), 10 * NS_PER_S, SAME, 2_000).measured == 0
    assert resent_bound(EventLog([first], [], False), 1, SAME, 2_000).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("clocks", "verdict"),
    [
        (ClockOffset(0, 0), PASS),
        (ClockOffset(1, 1), FAIL),  # their clock is ahead: the event is older than it says
        (ClockOffset(-1, 1), INCONCLUSIVE),
        (ClockOffset(-5_000, -5_000), PASS),
    ],
)
def test_the_age_of_what_is_sent_again_is_judged_within_the_bounds_of_the_clocks(
    clocks: ClockOffset, verdict: Verdict
) -> None:
    assert resent_bound(RESENT, 10 * NS_PER_S, clocks, 2_000).verdict is verdict


def test_a_connect_that_cannot_tell_committed_offsets_is_not_judged() -> None:
    check = resent_from_commit(RESENT, None, [1], "Kafka Connect 3.4 can't tell them")
    assert (check.verdict, check.evidence) == (
        Verdict.SKIPPED,
        ("Kafka Connect 3.4 can't tell them",),
    )
    assert resent_from_commit(RESENT, None, [1]).verdict is INCONCLUSIVE


# -- help ------------------------------------------------------------------------------------


def test_what_the_suite_had_to_restart_is_told_and_judged() -> None:
    assert back_without_help((), ()).verdict is PASS
    helped = back_without_help(("its task had FAILED: boom",), ())
    assert helped.verdict is Verdict.DEVIATION
    assert helped.evidence == ("its task had FAILED: boom",)
    died = back_without_help(("its task had FAILED: boom",), ("the Connect worker ended again",))
    assert (died.verdict, died.measured) == (FAIL, 2)


RESCUE = "the worker was restarted after 60 s without a change"


def test_a_worker_that_the_suite_restarted_did_not_come_back_by_itself() -> None:
    helped = back_without_help((), (), RESCUE)
    assert (helped.verdict, helped.measured) == (Verdict.DEVIATION, 1)
    assert helped.evidence == (RESCUE,)
    assert "the Connect worker was restarted by the suite" in helped.deviation
    assert "task" not in helped.deviation
    both = back_without_help(("its task had FAILED: boom",), (), RESCUE)
    assert "task FAILED" in both.deviation
    assert "worker was restarted" in both.deviation
    assert back_without_help((), ("the Connect worker ended again",), RESCUE).verdict is FAIL


# -- slot ------------------------------------------------------------------------------------

MOVED = Slot(7, 200, 300, 100, "reserved")


def test_a_lost_slot_is_named_with_what_is_gone_and_what_to_do() -> None:
    check = replication_slot("kv_1", Slot(None, 150, 300, 0, "lost"), 100, 1, 9)
    assert check.verdict is FAIL
    assert "The replication slot kv_1 is lost (wal_status=lost)" in check.evidence[0]
    assert "0/96" in check.evidence[0]
    assert "max_slot_wal_keep_size" in " ".join(check.evidence)


@pytest.mark.parametrize(
    ("slot", "verdict"),
    [
        (MOVED, PASS),
        (None, FAIL),
        (Slot(7, 100, 300, 100, "extended"), FAIL),  # the connector runs and never confirms
    ],
)
def test_a_slot_must_be_there_and_move(slot: Slot | None, verdict: Verdict) -> None:
    assert replication_slot("kv_1", slot, 100, 12, 12).verdict is verdict


def test_a_slot_is_not_blamed_before_a_connector_has_to_confirm() -> None:
    still = Slot(7, 100, 300, 100, "extended")
    check = replication_slot("kv_1", still, 100, 1, 12)
    assert check.verdict is INCONCLUSIVE
    assert "it was not waited for 12 s" in check.evidence[0]
    assert replication_slot("kv_1", MOVED, 100, 1, 12).verdict is PASS
    assert replication_slot("kv_1", None, 100, 1, 12).verdict is FAIL


def test_the_confirmation_is_a_figure_and_no_limit() -> None:
    assert slot_confirmed(5.7, 6, 5_000).verdict is Verdict.MEASURED
    check = slot_confirmed(None, 12, 0)
    assert check.verdict is INCONCLUSIVE
    assert check.evidence[0].startswith("not within 12 s")
    assert "heartbeat.interval.ms=0" in check.evidence[0]


@pytest.mark.parametrize(
    ("stall_s", "brokers", "verdict"),
    [
        (15.4, 1, Verdict.MEASURED),
        (14.75, 1, Verdict.MEASURED),  # an event on its way when the fault was proven
        (3.0, 1, INCONCLUSIVE),
        (None, 1, INCONCLUSIVE),
        (3.0, 3, Verdict.MEASURED),  # others took over
    ],
)
def test_a_fault_that_no_change_felt_proves_nothing(
    stall_s: float | None, brokers: int, verdict: Verdict
) -> None:
    assert cdc_fault_effect(stall_s, 14.8, brokers).verdict is verdict
