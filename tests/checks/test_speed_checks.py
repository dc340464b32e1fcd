"""Checks of rate, schedule delay, latency, start-up, recovery and resources."""

from __future__ import annotations

import numpy as np
import pytest

from support.checks.broker_up import broker_stayed_up
from support.checks.latency import latency_within
from support.checks.pacing import achieved_rate, schedule_delay, schedule_delay_limit, slope_per_s
from support.checks.recovery import (
    fault_effect,
    first_after,
    longest_stall_ns,
    recovery_time,
    worked_again,
)
from support.checks.resources import resources_measured
from support.checks.startup import never_ready, startup_after_crash, startup_spread, startup_time
from support.record.schedule import Segment, all_intended_ns
from support.results.latency import LatencySummary
from support.results.limit import below
from support.results.load import Load
from support.results.resources import ComponentUsage
from support.results.schema import Check, Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
DEVIATION, MEASURED = Verdict.DEVIATION, Verdict.MEASURED
S = 1_000_000_000
LATENCY, TEN_S = below(100, "ms"), below(10, "s")


def test_the_slope_of_even_send_times_is_their_rate() -> None:
    assert slope_per_s(all_intended_ns(5 * S, (Segment(1000, 3000),))) == pytest.approx(1000)
    assert slope_per_s(np.array([1], np.int64)) is None
    assert slope_per_s(np.array([7, 7], np.int64)) is None


def load(achieved: float | None, buffer_full: int, cores: float = 0.3) -> Load:
    """Returns a load of 60,000 records at 1,000 a second."""
    return Load(1000, achieved, 60_000, 60, 9, 9, 9, 9, 1, 0, (), buffer_full, cores)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (load(1000.9, 0), PASS),
        (load(998.0, 0), INCONCLUSIVE),
        # 0.12 s were lost. A queue that was full for 0.1 s explains it: the broker did not keep up.
        (load(998.0, 20), FAIL),
        # Full once, for 5 ms: that does not explain the lost time.
        (load(998.0, 1), INCONCLUSIVE),
        # A client that uses up its core can't take the answers either, and fills its queue.
        (load(998.0, 20, cores=0.98), INCONCLUSIVE),
        # A rate that is too high is not explained by waiting.
        (load(1010.0, 20), INCONCLUSIVE),
        (load(None, 0), INCONCLUSIVE),
    ],
)
def test_achieved_rate(given: Load, verdict: Verdict) -> None:
    assert achieved_rate(given, 0.1).verdict is verdict


def test_a_rate_that_the_generator_missed_says_what_it_sent_and_used() -> None:
    (why,) = achieved_rate(load(870.4, 0, cores=0.98), 0.1).evidence
    assert "sent 870 of 1,000 records/s and used 98% of a core" in why


@pytest.mark.parametrize(
    ("p99", "given", "verdict"),
    [
        (9.9, load(1000, 0), PASS),
        (10.1, load(1000, 0), INCONCLUSIVE),
        (10.1, load(1000, 3), FAIL),
        (100.1, load(1000, 3), INCONCLUSIVE),
        (10.1, load(1000, 3, cores=0.95), INCONCLUSIVE),
        (None, load(1000, 0), INCONCLUSIVE),
    ],
)
def test_the_schedule_delay_is_judged_against_a_tenth_of_the_objective(
    p99: float | None, given: Load, verdict: Verdict
) -> None:
    assert schedule_delay(p99, schedule_delay_limit(100), given).verdict is verdict


@pytest.mark.parametrize(("p95", "verdict"), [(99.9, PASS), (100.0, FAIL), (None, INCONCLUSIVE)])
def test_latency_must_be_below_its_limit(p95: float | None, verdict: Verdict) -> None:
    summary = LatencySummary(60, 1.0, 1.0, p95, None, None, 1.0)
    on_time = schedule_delay(1.0, schedule_delay_limit(100), load(1000, 0))
    assert latency_within(summary, "p95", LATENCY, on_time).verdict is verdict


def test_latency_above_the_limit_is_not_judged_when_the_generator_was_late() -> None:
    summary = LatencySummary(60, 1.0, 1.0, 150.0, None, None, 1.0)
    limit = schedule_delay_limit(100)
    late, queue_full = (schedule_delay(50.0, limit, load(1000, full)) for full in (0, 70))
    assert latency_within(summary, "p95", LATENCY, late).verdict is INCONCLUSIVE
    assert latency_within(summary, "p95", LATENCY, queue_full).verdict is FAIL
    assert latency_within(summary, "mean", LATENCY, late).verdict is PASS


def test_start_up_must_be_below_the_limit_and_not_at_it() -> None:
    assert startup_time(9.99, TEN_S, ()).verdict is PASS
    assert startup_time(10.0, TEN_S, ()).verdict is FAIL


@pytest.mark.parametrize(
    ("seconds", "lease", "verdict"),
    [
        (15.5, 11.2, DEVIATION),
        (15.5, None, FAIL),
        (15.5, 2.0, FAIL),
        (4.0, None, PASS),
        (45.0, 42.0, FAIL),
    ],
)
def test_after_a_crash_only_a_proven_wait_for_the_session_is_a_deviation(
    seconds: float, lease: float | None, verdict: Verdict
) -> None:
    assert startup_after_crash(seconds, lease, TEN_S, ()).verdict is verdict


def test_the_spread_needs_three_starts_that_became_ready() -> None:
    check = startup_spread([3.0, 4.5, 3.2], "")
    assert (check.verdict, check.measured) == (MEASURED, 1.5)
    assert "median 3.20" in check.evidence[0]
    assert startup_spread([3.0, 4.5], "").verdict is INCONCLUSIVE
    assert startup_spread([3.0, 4.5, 3.2], "it ended").verdict is INCONCLUSIVE


def test_a_broker_that_ended_by_itself_fails_with_the_end_of_its_log() -> None:
    check = broker_stayed_up("50 of 100 sent", "\nFATAL Shutdown broker\n")
    assert (check.verdict, check.evidence) == (FAIL, ("FATAL Shutdown broker",))


def test_a_broker_that_does_not_become_ready_fails() -> None:
    assert never_ready("start-up time", TEN_S, 60, "last words").verdict is FAIL
    assert worked_again("it ended", 120.0).verdict is FAIL
    assert worked_again("", 3.4).verdict is PASS


def test_recovery_counts_the_first_stamp_after_the_heal() -> None:
    stamps = np.array([5, 1, 9, 7], np.int64)
    assert first_after(stamps, 6) == 7
    assert first_after(stamps, 10) is None

    assert recovery_time("recovery time", 3.0, served=False).measured == 3.0
    assert recovery_time("recovery time", None, served=False).verdict is INCONCLUSIVE


def test_clients_that_were_served_throughout_have_nothing_to_recover_from() -> None:
    check = recovery_time("recovery time", 0.03, served=True)
    assert (check.verdict, check.measured) == (MEASURED, "none")


def effect(acked: object, outages: list[tuple[int, int]], brokers: int = 1) -> Check:
    """Judges a load whose records each wait from the previous acknowledgement on."""
    stamps = np.array(acked, np.float64) * S
    sent = np.concatenate(([1], stamps[:-1])) + 1
    return fault_effect(stamps.astype(np.int64), sent.astype(np.int64), outages, brokers)


@pytest.mark.parametrize(
    ("acked", "verdict"),
    [
        ([1, 2, 8, 9], MEASURED),
        ([1, 2, 4, 9], INCONCLUSIVE),  # acknowledged while it was down
        ([1, 2], INCONCLUSIVE),  # never came back
        ([8, 9], INCONCLUSIVE),  # there was nothing before
        ([1, 2, 0, 0], INCONCLUSIVE),  # 0 is no acknowledgement
    ],
)
def test_a_fault_must_be_seen_by_clients(acked: list[int], verdict: Verdict) -> None:
    assert effect(acked, [(3 * S, 5 * S)]).verdict is verdict


def test_between_two_outages_there_may_be_acknowledgements_but_not_in_them() -> None:
    outages = [(3 * S, 5 * S), (7 * S, 9 * S)]
    assert effect([1, 2, 6, 10], outages).verdict is MEASURED
    assert effect([1, 2, 4, 10], outages).verdict is INCONCLUSIVE
    assert effect([1, 2, 6, 10], []).verdict is INCONCLUSIVE


def test_an_acknowledgement_in_flight_when_the_fault_starts_does_not_count() -> None:
    assert effect([1.0, 3.05, 6.0], [(3 * S, 5 * S)]).verdict is MEASURED


def test_a_stall_that_never_ended_lasts_until_the_last_report() -> None:
    sent, acked = np.array([1, 2, 3]) * S, np.array([2, 3, 0]) * S
    assert longest_stall_ns(acked, sent, 120 * S) == 117 * S
    assert longest_stall_ns(acked[:2], sent[:2], 120 * S) == S
    assert longest_stall_ns(acked * 0, sent, 120 * S) == 119 * S
    assert longest_stall_ns(acked * 0, sent * 0, 120 * S) is None


def test_between_two_records_of_a_slow_load_no_record_waits() -> None:
    sent = np.arange(1, 20, dtype=np.int64) * 50_000_000
    assert longest_stall_ns(sent + 2_000_000, sent, S) == 2_000_000
    # The second record waits from its own send time, not from that of the first.
    sent = np.array([1, 5, 6], np.int64) * S
    assert longest_stall_ns(np.array([2, 9, 9], np.int64) * S, sent, 20 * S) == 4 * S


def test_only_a_stall_that_lies_in_the_fault_counts() -> None:
    sent, acked = np.array([1, 10], np.int64) * S, np.array([4, 12], np.int64) * S
    assert longest_stall_ns(acked, sent, 20 * S, [(9 * S, 11 * S)]) == 2 * S
    assert longest_stall_ns(acked, sent, 20 * S, [(5 * S, 8 * S)]) is None


def test_a_fault_without_a_stall_proves_nothing() -> None:
    assert effect([1.0, 2.9, 3.2, 4.0], [(3 * S, int(3.1 * S))]).verdict is INCONCLUSIVE


def test_a_pause_of_the_load_is_no_effect_of_the_fault() -> None:
    acked = np.array([1, 2, 8, 9], np.int64) * S
    check = fault_effect(acked, acked - S // 1000, [(3 * S, 5 * S)])
    assert check.verdict is INCONCLUSIVE
    assert "stall 0.00 s" in check.evidence[0]


@pytest.mark.parametrize(
    ("acked", "gap_s"),
    [
        ([1, 2, 9, 10, 12], 7),  # others took over long before the heal
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1),  # a graceful end without a stall
        ([1, 2, 12], 10),
    ],
)
def test_in_a_cluster_others_take_over(acked: list[int], gap_s: float) -> None:
    check = effect(acked, [(3 * S, 11 * S)], brokers=3)
    assert (check.verdict, check.measured) == (MEASURED, gap_s)


@pytest.mark.parametrize("acked", [[1, 2], [12, 13]])
def test_a_load_that_ended_before_the_heal_or_began_after_it_saw_no_fault(acked: list[int]) -> None:
    assert effect(acked, [(3 * S, 11 * S)], brokers=3).verdict is INCONCLUSIVE


def test_resources_need_enough_samples_of_a_sampler_that_did_not_fail() -> None:
    usage = {"broker": ComponentUsage(30, 1, 1, 0.1, 0.1, 1, 0)}
    assert resources_measured(usage, 30, None).verdict is MEASURED
    assert resources_measured(usage, 31, None).verdict is INCONCLUSIVE
    assert resources_measured(usage, 30, RuntimeError("died")).verdict is INCONCLUSIVE
    assert resources_measured({}, 1, None).verdict is INCONCLUSIVE
    for blind in (
        ComponentUsage(30, 1, 1, None, None, 1, 0),
        ComponentUsage(30, 1, 1, 0.1, 0.1, None, None),
    ):
        assert resources_measured({"broker": blind}, 30, None).verdict is INCONCLUSIVE
    lacking = resources_measured({}, 30, None, {"broker": "no container is named"})
    assert (lacking.verdict, lacking.evidence) == (Verdict.SKIPPED, ("no container is named",))
    without_disk = resources_measured({"broker": blind}, 30, None, {"disk": "no size of the logs"})
    assert without_disk.verdict is MEASURED
    assert without_disk.evidence[-1] == "disk not measured: no size of the logs"


def test_patience_that_ends_before_the_limit_proves_no_slow_start() -> None:
    assert never_ready("start-up time", TEN_S, 60, "boom").verdict is Verdict.FAIL
    assert never_ready("start-up time", TEN_S, 6, "boom").verdict is Verdict.INCONCLUSIVE
