"""Each anomaly is found in hand-written histories, near misses are not, and doubt is stated."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from support.checks.accepted import accepted
from support.checks.corrupt import corrupt
from support.checks.damaged import damaged
from support.checks.delivery import check_delivery, count_delivery
from support.checks.log_duplicate import log_duplicate
from support.checks.lost import lost, lost_outside_damage
from support.checks.phantom import phantom
from support.checks.received import received
from support.checks.redelivery import redelivery
from support.checks.reorder import reorder, reordered_ids
from support.checks.unseen import unseen
from support.record.attempts import Attempts, Outcome
from support.record.damage import Damage
from support.record.history import History, LogRead
from support.record.observed import Observations
from support.results.schema import Check, Verdict
from tests.checks.histories import history, log_of

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
MEASURED = Verdict.MEASURED
Judge = Callable[[History], Check]


@pytest.mark.parametrize(
    ("judge", "given", "verdict", "measured"),
    [
        (accepted, history("aaa", log_of(0, 1, 2)), PASS, 3),
        (accepted, history("aar", log_of(0, 1)), FAIL, 2),
        (accepted, history("aau", log_of(0, 1)), FAIL, 2),
        (accepted, history("aa-", log_of(0, 1)), FAIL, 2),
        # acks=0: reported as sent, but without the offset that only the broker can give.
        (accepted, history("aaa", log_of(0, 1, 2), offsets=[-1, -1, -1]), FAIL, 0),
        (accepted, history("---", []), INCONCLUSIVE, None),
        (lost, history("aaa", log_of(0, 1, 2)), PASS, 0),
        (lost, history("aaa", log_of(0, 2)), FAIL, 1),
        (lost, history("aau", log_of(0, 1)), PASS, 0),
        (lost, history("aar", log_of(0, 1)), PASS, 0),
        (lost, history("aaa", log_of(0, 2), complete=False), INCONCLUSIVE, None),
        (lost, history("uu", log_of(0)), INCONCLUSIVE, None),
        (phantom, history("aau", log_of(0, 1, 2)), PASS, 0),
        (phantom, history("aap", log_of(0, 1, 2)), PASS, 0),
        (phantom, history("aar", log_of(0, 1, 2)), FAIL, 1),
        (phantom, history("aa-", log_of(0, 1, 2)), FAIL, 1),
        (phantom, history("aa", log_of(0, 1, 7)), FAIL, 1),
        (phantom, history("aa", log_of(0, 1, -1)), FAIL, 1),
        (phantom, history("aa", log_of(0, 1, 7), complete=False), INCONCLUSIVE, None),
        (corrupt, history("aa", log_of(0, 1)), PASS, 0),
        (corrupt, history("aa", [(0, 0, 0, True), (1, 0, 1, False)]), FAIL, 1),
        (corrupt, history("aa", log_of(0, 1), [[(0, 0, 0, False)]]), FAIL, 1),
        (corrupt, history("aa", []), INCONCLUSIVE, None),
        (log_duplicate, history("aaa", log_of(0, 1, 2)), MEASURED, 0),
        (log_duplicate, history("aaa", log_of(0, 1, 1, 2, 1)), MEASURED, 2),
        # The same offset read twice is no second copy in the log.
        (log_duplicate, history("aa", [(0, 0, 0), (0, 0, 0), (1, 0, 1)]), MEASURED, 0),
        (log_duplicate, history("aa", [(0, 0, 0), (0, 1, 0)]), MEASURED, 1),
        (reorder, history("aaaa", log_of(0, 1, 2, 3)), PASS, 0),
        (reorder, history("aaaa", log_of(0, 2, 1, 3)), FAIL, 1),
        # A retried record is a duplicate, and its late copy is no reordering.
        (reorder, history("aaaa", log_of(0, 1, 0, 1, 2, 3)), PASS, 0),
        # Across partitions there is no order.
        (reorder, history("aaa", [(0, 0, 0), (2, 0, 1), (1, 1, 0)]), PASS, 0),
        (unseen, history("aa", log_of(0, 1), [log_of(0, 1)]), PASS, 0),
        (unseen, history("aa", log_of(0, 1), [log_of(0, 1), log_of(0)]), FAIL, 1),
        (unseen, history("aa", log_of(0, 1), [log_of(0, 1, 1)]), PASS, 0),
        (unseen, history("aa", log_of(0, 1)), INCONCLUSIVE, None),
        (unseen, history("aa", [], [[]]), INCONCLUSIVE, None),
        (unseen, history("aa", log_of(0, 1), [log_of(0, 1)], complete=False), INCONCLUSIVE, None),
        (redelivery, history("aa", log_of(0, 1), [log_of(0, 1)]), MEASURED, 0),
        (redelivery, history("aa", log_of(0, 1), [[(0, 0, 0), (0, 0, 0), (1, 0, 1)]]), MEASURED, 1),
        # Another copy at another offset is a log duplicate, not a redelivery.
        (redelivery, history("aa", log_of(0, 0, 1), [log_of(0, 0, 1)]), MEASURED, 0),
        (redelivery, history("aa", log_of(0, 1)), INCONCLUSIVE, None),
    ],
)
def test_verdict(judge: Judge, given: History, verdict: Verdict, measured: int | None) -> None:
    check = judge(given)
    assert (check.verdict, check.measured) == (verdict, measured)


def test_a_group_that_did_not_reach_the_end_fails_even_with_every_id() -> None:
    given = history("aa", log_of(0, 1, 1), [log_of(0, 1)], drained=False)
    assert unseen(given).verdict is FAIL


@pytest.mark.parametrize(
    ("groups", "wanted", "verdict"),
    [
        ([log_of(0, 1, 1)], 2, PASS),
        ([log_of(0, 1)], 3, FAIL),
        ([log_of(0, 1)], 1, FAIL),
        ([log_of(0, 1), log_of(0)], 2, FAIL),
        ([log_of(0, -1)], 2, FAIL),
        ([], 2, INCONCLUSIVE),
    ],
)
def test_received_is_the_number_that_the_scenario_says(
    groups: list[list[tuple[int, int, int]]], wanted: int, verdict: Verdict
) -> None:
    assert received(history("aa", log_of(0, 1), groups), wanted).verdict is verdict


def test_counts_that_need_a_complete_reading_are_missing_without_one() -> None:
    counts = count_delivery(history("aaa", log_of(0), complete=False))
    assert (counts.lost, counts.duplicates, counts.reordered, counts.phantom) == (None,) * 4
    assert counts.loss_upper_bound_95 is None


def test_one_early_record_does_not_make_all_later_ones_look_reordered() -> None:
    assert reordered_ids(Observations.of(log_of(0, 9, 1, 2, 3, 4))) == [1]


def test_the_evidence_of_a_lost_record_says_what_is_at_its_offset() -> None:
    gone = history("aaaa", [(0, 0, 0), (3, 0, 3)])
    assert lost(gone).evidence == (
        "lost 1: partition 0, offset 1 is a gap in the log",
        "lost 2: partition 0, offset 2 is a gap in the log",
    )
    cut = history("aaa", log_of(0, 1))
    assert lost(cut).evidence == ("lost 2: partition 0, offset 2 is gone: the log ends before it",)
    replaced = history("aaa", [(0, 0, 0), (0, 0, 1), (2, 0, 2)])
    assert "holds record 0" in lost(replaced).evidence[0]
    late = history("aa", [(1, 0, 1)])
    late = dataclasses.replace(late, log=dataclasses.replace(late.log, start_offsets={0: 1}))
    assert "deleted by retention" in lost(late).evidence[0]
    unproven = history("aa", log_of(0), offsets=[0, -1])
    assert "never confirmed" in lost(unproven).evidence[0]


def test_evidence_is_cut_after_ten_and_says_so() -> None:
    evidence = lost(history("a" * 30, log_of(0))).evidence
    assert (len(evidence), evidence[-1]) == (11, "and 19 more")
    assert phantom(history("-" * 30, log_of(*range(30)))).evidence[0].endswith("9 and 20 more")


def test_acks_0_is_named_as_the_reason() -> None:
    check = accepted(history("aa", log_of(0, 1), offsets=[-1, -1]))
    assert "never confirmed by the broker" in check.evidence[0]


def test_checks_about_consumers_are_made_only_when_there_are_consumers() -> None:
    names = {check.name for check in check_delivery(history("a", log_of(0)))}
    assert "unseen" not in names
    with_group = check_delivery(history("a", log_of(0), [log_of(0)]))
    assert {"unseen", "redelivered"} <= {check.name for check in with_group}


def test_counts_of_a_history_with_every_anomaly() -> None:
    given = history("aaaaur", log_of(0, 2, 1, 1, 5), [[(0, 0, 0), (0, 0, 0)]])
    counts = count_delivery(given)
    assert (counts.attempted, counts.acked, counts.unknown, counts.rejected) == (6, 4, 1, 1)
    assert (counts.lost, counts.duplicates, counts.redelivered) == (1, 1, 1)
    assert (counts.reordered, counts.phantom, counts.received) == (1, 1, 1)
    assert counts.loss_upper_bound_95 is None


def test_only_a_load_without_a_fault_bounds_the_loss_of_a_record() -> None:
    """The effect of one fault on many records is one observation."""
    calm = history("a" * 300, log_of(*range(300)))
    assert count_delivery(calm).loss_upper_bound_95 == 0.01
    broken = dataclasses.replace(calm, disturbances=((1, 2),))
    assert count_delivery(broken).loss_upper_bound_95 is None
    assert lost(broken).evidence == ("0 of 300 acknowledged records, through 1 fault",)
    assert "95 %" not in str((lost(calm), lost(broken)))


STRETCH = Damage("topic", 0, 1, 3, "_BAD_MSG: failed CRC32C check")


def test_a_damaged_batch_is_named_with_its_acknowledged_records() -> None:
    given = history("aaaa", [(0, 0, 0), (3, 0, 3)])
    given = dataclasses.replace(given, log=dataclasses.replace(given.log, damaged=(STRETCH,)))
    check = damaged(given)
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert "topic, partition 0, offsets 1 to 2: _BAD_MSG" in check.evidence[0]
    assert "2 records acknowledged in it: 1, 2" in check.evidence[0]
    (line,) = lost(given).evidence
    assert line.startswith("2 lost: 1, 2: partition 0, offsets 1 to 2 can't be read: _BAD_MSG")
    assert lost_outside_damage(given) == []


def test_damage_is_found_even_where_the_rest_was_not_read() -> None:
    given = history("aa", log_of(0), complete=False)
    assert damaged(given).verdict is INCONCLUSIVE
    cut = dataclasses.replace(given, log=dataclasses.replace(given.log, damaged=(STRETCH,)))
    assert damaged(cut).verdict is FAIL


def test_a_partition_without_a_leader_is_unreadable_and_not_empty() -> None:
    """Its records are not lost: they could not be read."""
    nothing = Observations.of(log_of(0, 1))
    why = {1: "it has no leader"}
    log = LogRead(nothing, {0: 2}, {0: 2}, unreadable=why)
    attempts = Attempts.of(
        outcome=[Outcome.ACKED] * 3, partition=[0, 0, 1], offset=[0, 1, 0], sent_ns=[1, 1, 1]
    )
    check = lost(History(attempts, log))
    assert check.verdict is INCONCLUSIVE
    assert "partition 1: it has no leader" in check.evidence[0]
