"""Checks of edge cases: what they find, near misses, and doubt."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from support.checks.controller import (
    controller_effect,
    decides_again,
    decisions_again,
    served_meanwhile,
)
from support.checks.disk_full import (
    CAUSE,
    disk_full,
    error_at_the_producer,
    resumes_without_restart,
)
from support.checks.kafka_ui import same_lag
from support.checks.lag import (
    caught_up,
    lag_reached,
    lost_to_retention,
    never_negative,
    overtaken,
)
from support.checks.retention_time import retention_kept
from support.checks.sizes import rows_whole, size_limits, sizes, task_outcome
from support.clock import NS_PER_S
from support.record.attempts import Attempts
from support.record.controller import Asked
from support.record.history import History
from support.record.lag import LagPoint
from support.record.observed import Observations
from support.record.sessions import GroupRead, Session
from support.results.schema import Verdict
from support.results.sizes import SizeOutcome
from tests.checks.histories import history, log_of

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SECONDS = range(1, 18)
OUTAGE = (0, 16 * NS_PER_S)


def served(acked_s: list[int], seen_s: list[int]) -> History:
    """Returns the history of a record a second, acknowledged and delivered at these seconds."""
    base = history("a" * len(acked_s), log_of(*range(len(acked_s))))
    acked = [second * NS_PER_S for second in acked_s]
    sent = [second * NS_PER_S for second in SECONDS[: len(acked)]]
    attempts = Attempts.of(outcome=[2] * len(acked), acked_ns=acked, sent_ns=sent)
    seen = Observations.of([(n, 0, n) for n in range(len(seen_s))])
    received = np.array(seen_s, np.int64) * NS_PER_S
    seen = dataclasses.replace(seen, received_ns=received)
    group = GroupRead("g", (Session("c", seen),), True)
    return dataclasses.replace(base, attempts=attempts, groups=(group,))


@pytest.mark.parametrize(
    ("given", "committed", "verdict"),
    [
        (served(list(SECONDS), list(SECONDS)), 5, PASS),
        (served([1, 2, 3, *[12] * 9, 13, 14, 15, 16, 17], list(SECONDS)), 5, FAIL),
        (served(list(SECONDS), [1, 2, 15]), 5, FAIL),
        (served(list(SECONDS), list(SECONDS)), 0, FAIL),
        (history("aa", log_of(0, 1)), 5, INCONCLUSIVE),
        (served([1, 2, 3], list(SECONDS)), 5, INCONCLUSIVE),
    ],
    ids=["served", "acks stop", "deliveries stop", "no commit", "no consumer", "load over"],
)
def test_served_meanwhile(given: History, committed: int, verdict: Verdict) -> None:
    assert served_meanwhile(given, OUTAGE, committed).verdict is verdict


def test_a_controller_that_answers_was_not_away() -> None:
    refused = Asked("create a topic", "_TIMED_OUT", 3.0)
    assert controller_effect([refused]).verdict is Verdict.MEASURED
    assert controller_effect([]).verdict is INCONCLUSIVE
    gone = Asked("add partitions", "_TRANSPORT", 0.1)
    assert controller_effect([refused, gone]).verdict is INCONCLUSIVE
    assert decides_again([Asked("create a topic", "", 0.1)]).verdict is PASS
    assert decides_again([refused]).verdict is FAIL
    assert decides_again([]).verdict is INCONCLUSIVE
    done = controller_effect([refused, Asked("add partitions", "", 0.1)])
    assert done.verdict is INCONCLUSIVE
    assert done.evidence == ("add partitions: done after 0.1 s",)
    assert decisions_again(NS_PER_S, 3 * NS_PER_S).measured == 2.0


def test_a_full_disk_names_its_cause_or_is_red() -> None:
    line = f"logged: java.io.IOException: {CAUSE}"
    assert disk_full(0, [line]).verdict is PASS
    assert disk_full(0, ["its process ended by itself"]).verdict is FAIL
    assert disk_full(50_000_000, [line]).verdict is INCONCLUSIVE
    assert disk_full(None, [line]).verdict is INCONCLUSIVE
    assert error_at_the_producer("_MSG_TIMED_OUT", 5).verdict is PASS
    assert error_at_the_producer("", 0.1).verdict is FAIL
    assert error_at_the_producer(None, 0).verdict is INCONCLUSIVE


def test_a_broker_that_must_be_started_again_deviates() -> None:
    assert resumes_without_restart(True, False, True).verdict is PASS
    for halted in (True, False):
        check = resumes_without_restart(True, halted, False)
        assert check.verdict is Verdict.DEVIATION
        assert "EC-1" in check.deviation


def points(*lags: int | None) -> list[LagPoint]:
    return [LagPoint(n * NS_PER_S, {0: lag}) for n, lag in enumerate(lags)]


def test_lag_without_a_commit_is_unknown_and_not_zero() -> None:
    assert LagPoint(0, {0: None}).total is None
    assert LagPoint(0, {0: None, 1: 5}).total is None
    assert LagPoint(0, {0: 1, 1: 5}).total == 6
    assert lag_reached(points(None, None), 1).verdict is INCONCLUSIVE
    assert lag_reached(points(3, 9), 10).verdict is INCONCLUSIVE
    assert lag_reached(points(3, 10, 4), 10).measured == 10


def test_a_negative_lag_is_a_commit_beyond_the_end_of_the_log() -> None:
    assert never_negative(points(None, 0, 5, 0)).verdict is PASS
    ahead = never_negative(points(3, -2, 0, -1))
    assert (ahead.verdict, ahead.measured) == (FAIL, 2)
    assert ahead.evidence[0] == "partition 0: lag -2 in the sample at 1.0 s"
    # Another partition that is far behind hides nothing.
    assert never_negative([LagPoint(0, {0: 100, 1: -1})]).verdict is FAIL
    assert never_negative(points(None, None)).verdict is INCONCLUSIVE
    assert never_negative([]).verdict is INCONCLUSIVE


def test_catching_up_needs_a_lag_of_zero() -> None:
    up = caught_up(points(10, 10, 5, 0), 1 * NS_PER_S, 10)
    assert (up.verdict, up.measured) == (PASS, 2.0)
    assert up.evidence[0] == "10 records at 5 records/s"
    assert caught_up(points(10, 10, 5, 1), 1 * NS_PER_S, 10).verdict is FAIL
    assert caught_up(points(10, 10), 1 * NS_PER_S, 10).verdict is INCONCLUSIVE
    assert caught_up([], 0, 10).verdict is INCONCLUSIVE


def test_what_retention_overtook_is_counted() -> None:
    assert overtaken({0: 0, 1: 5, 2: -1}, {0: 3, 1: 5, 2: 9}) == {0: 3}
    assert lost_to_retention({0: 0}, {0: 3}, 3, ()).verdict is PASS
    assert lost_to_retention({0: 3}, {0: 3}, 3, ()).verdict is FAIL
    assert lost_to_retention({0: -1}, {0: 3}, 3, ()).verdict is INCONCLUSIVE


def test_retention_by_time_deletes_the_old_and_only_the_old() -> None:
    ages = {0: 192.0, 1: 167.0, 2: 0.0}
    assert retention_kept(ages, 1, 3, 30).verdict is PASS
    assert retention_kept(ages, 0, 3, 90).verdict is FAIL
    assert retention_kept(ages, 2, 3, 30).evidence == ("offset 1, 167 hours old, was deleted",)
    assert retention_kept(ages, 1, 2, 30).verdict is INCONCLUSIVE


def outcome(result: str, fits: bool) -> SizeOutcome:
    return SizeOutcome("producer", 10, result, "a limit", fits)


@pytest.mark.parametrize(
    ("told", "fits", "verdict"),
    [
        ("stored", True, PASS),
        ("MSG_SIZE_TOO_LARGE by the broker", False, PASS),
        ("stored", False, FAIL),
        ("MSG_SIZE_TOO_LARGE by the producer", True, FAIL),
        ("_MSG_TIMED_OUT by the broker", False, FAIL),
    ],
)
def test_sizes_are_stopped_by_their_limit(told: str, fits: bool, verdict: Verdict) -> None:
    assert sizes([outcome(told, fits)]).verdict is verdict
    assert sizes([outcome("stored", True)], ["not read back"]).verdict is FAIL
    assert sizes([]).verdict is INCONCLUSIVE


ONE_MB = {"max.message.bytes": "1048588"}


@pytest.mark.parametrize(
    ("producer", "topic", "connect", "consumer", "mismatches"),
    [
        ({}, ONE_MB, {}, {}, 0),
        ({"message.max.bytes": "2000000"}, ONE_MB, {}, {}, 1),
        ({}, {"max.message.bytes": "600000"}, {}, {}, 2),
        ({}, {"max.message.bytes": "4000000"}, {"max.request.size": "4000000"}, {}, 0),
        ({}, {"max.message.bytes": "200000000"}, {}, {}, 1),
        ({}, ONE_MB, {}, {"receive.message.max.bytes": "1048588"}, 1),
    ],
)
def test_limits_that_do_not_match_are_named(
    producer: dict[str, str],
    topic: dict[str, str | None],
    connect: dict[str, str],
    consumer: dict[str, str],
    mismatches: int,
) -> None:
    check = size_limits(producer, topic, connect, consumer)
    assert check.measured == mismatches
    assert check.verdict is (FAIL if mismatches else PASS)


def test_a_limit_that_the_broker_does_not_report_is_not_judged() -> None:
    for told in ({}, {"max.message.bytes": None}):
        assert size_limits({}, told, {}, {}).verdict is INCONCLUSIVE


def test_an_event_that_is_too_large_must_stop_its_task_with_an_error() -> None:
    reason = "Caused by: RecordTooLargeException: The message is 1048657 bytes"
    assert task_outcome("RUNNING", ("FAILED",), reason).verdict is PASS
    assert task_outcome("RUNNING", ("RUNNING",), "").verdict is FAIL
    assert task_outcome("RUNNING", ("FAILED",), "another trouble").verdict is FAIL
    assert task_outcome("RUNNING", ("FAILED",), "RecordTooLargeException: no size").verdict is FAIL
    assert rows_whole({1: "a"}, {1: "a"}).verdict is PASS
    assert rows_whole({1: "b"}, {1: "a", 2: "c"}).evidence == (
        "row 1: another value",
        "row 2: no event",
    )
    assert rows_whole({}, {}).verdict is INCONCLUSIVE


def test_lag_in_kafka_ui_is_compared_partition_by_partition() -> None:
    assert same_lag({0: 5, 1: None}, {0: 5}).verdict is PASS
    assert same_lag({0: 5, 1: 2}, {0: 5, 1: 3}).verdict is FAIL
    assert same_lag({0: None}, {}).verdict is INCONCLUSIVE


def test_a_limit_of_connect_that_is_not_known_is_not_measured() -> None:
    producer, consumer = {"message.max.bytes": "1000"}, {"receive.message.max.bytes": "9999999"}
    small, large = {"max.message.bytes": "500"}, {"max.message.bytes": "2000"}
    check = size_limits(producer, large, {}, consumer, connect_known=False)
    assert check.verdict is Verdict.SKIPPED
    assert "max.request.size" in check.evidence[0]
    check = size_limits(producer, small, {}, consumer, connect_known=False)
    assert check.verdict is Verdict.FAIL
    assert len(check.evidence) == 1
