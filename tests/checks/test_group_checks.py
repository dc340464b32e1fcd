"""Checks of groups, of the log's past and of a heal: what they find, near misses, and doubt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from support.checks.changed import changed
from support.checks.commit_ahead import commit_ahead
from support.checks.commit_regression import commit_regression
from support.checks.delivery import count_delivery
from support.checks.final_commit import final_commit
from support.checks.groups import cross_talk, divided
from support.checks.poll_backwards import poll_backwards
from support.checks.poll_skip import poll_skip
from support.checks.rebalance import CRASH_S, ORDERLY_S, rebalance
from support.checks.redelivery import nothing_twice
from support.checks.resumed import position_kept, resumed
from support.checks.resumption import consumer_restart, dynamic_restart, redelivery_bound
from support.checks.retention import retention
from support.checks.stuck import stuck
from support.checks.truncated import truncated
from support.clock import NS_PER_MS, NS_PER_S
from support.record.history import History
from support.record.sessions import Commit, CommitOutcome, GroupRead, Session
from support.results.limit import below
from support.results.schema import Check, Verdict
from tests.checks.histories import history, log_of, session, with_group

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
DEVIATION = Verdict.DEVIATION
OK, FAILED, UNKNOWN = CommitOutcome
Judge = Callable[[History], Check]

FIVE_S = below(5, "s")
THREE = history("aaa", log_of(0, 1, 2))
LATE = (CRASH_S + 1) * NS_PER_S
SOON = (ORDERLY_S + 1) * NS_PER_S
"""Too late for an orderly end, not for a crash."""


def starting_at(given: History, offset: int) -> History:
    log = dataclasses.replace(given.log, start_offsets={0: offset})
    return dataclasses.replace(given, log=log)


def cut_short(given: History) -> History:
    return dataclasses.replace(given, log=dataclasses.replace(given.log, reached={0: 0}))


def between(given: History) -> History:
    """Adds a fault after the first delivery that is healed before the third."""
    return dataclasses.replace(given, disturbances=((1, 2),))


def after_fault(given: History, healed_ns: int) -> History:
    return dataclasses.replace(given, disturbances=((1, healed_ns),))


@pytest.mark.parametrize(
    ("judge", "given", "verdict", "measured"),
    [
        # -- the log's past
        (changed, THREE, PASS, 0),
        (changed, history("aaa", log_of(0, 2, 1)), FAIL, 2),
        # It is lost or truncated, but no other record is at its offset.
        (changed, history("aaa", log_of(0, 1)), PASS, 0),
        (changed, history("aau", log_of(0, 1, 2), [log_of(0, 1, 1)]), FAIL, 1),
        (changed, history("aa", log_of(0, 1), [[(0, 0, 0, False)]]), FAIL, 1),
        # A record that was stored damaged has not changed.
        (changed, history("aa", [(0, 0, 0, False), (1, 0, 1)], [[(0, 0, 0, False)]]), PASS, 0),
        (changed, history("aa", []), PASS, 0),
        (changed, history("uu", log_of(0)), INCONCLUSIVE, None),
        (changed, cut_short(THREE), INCONCLUSIVE, None),
        (truncated, THREE, PASS, 0),
        (truncated, history("aaa", log_of(0, 1)), FAIL, 1),
        (truncated, history("aau", log_of(0, 1), [log_of(0, 1, 2)]), FAIL, 1),
        (truncated, history("aau", log_of(0, 1)), PASS, 0),
        (truncated, history("aaa", [(0, 0, 0), (2, 0, 2)]), PASS, 0),
        (truncated, cut_short(THREE), INCONCLUSIVE, None),
        (retention, THREE, PASS, 0),
        (retention, starting_at(THREE, 1), FAIL, 1),
        (retention, starting_at(THREE, 0), PASS, 0),
        (retention, starting_at(cut_short(THREE), 1), INCONCLUSIVE, None),
        # -- polling
        (poll_skip, with_group(THREE, session(log_of(0, 1, 2))), PASS, 0),
        (poll_skip, with_group(THREE, session([(0, 0, 0), (2, 0, 2)])), FAIL, 1),
        # Offset 1 holds no record, so none was skipped.
        (
            poll_skip,
            with_group(history("aa", [(0, 0, 0), (1, 0, 2)]), session([(0, 0, 0), (1, 0, 2)])),
            PASS,
            0,
        ),
        # A record that is missing at the end is unseen, and not skipped.
        (poll_skip, with_group(THREE, session(log_of(0, 1))), PASS, 0),
        # Deleted before a slow consumer received it: the acknowledgement proves that it existed.
        (
            poll_skip,
            with_group(
                starting_at(history("aaa", [(0, 0, 0), (2, 0, 2)]), 2),
                session([(0, 0, 0), (2, 0, 2)]),
            ),
            FAIL,
            1,
        ),
        # Another assignment may start elsewhere.
        (poll_skip, with_group(THREE, session([(0, 0, 0), (2, 0, 2)], assigned=[0, 1])), PASS, 0),
        (poll_skip, THREE, INCONCLUSIVE, None),
        (poll_skip, cut_short(with_group(THREE, session(log_of(0)))), INCONCLUSIVE, None),
        (poll_backwards, with_group(THREE, session(log_of(0, 1, 2))), PASS, 0),
        (poll_backwards, with_group(THREE, session([(0, 0, 0), (1, 0, 1), (0, 0, 0)])), FAIL, 1),
        (poll_backwards, with_group(THREE, session([(0, 0, 0), (0, 0, 0)])), FAIL, 1),
        (poll_backwards, with_group(THREE, session([(0, 0, 1), (1, 1, 0)])), PASS, 0),
        (
            poll_backwards,
            with_group(THREE, session([(1, 0, 1), (0, 0, 0)], assigned=[0, 1])),
            PASS,
            0,
        ),
        (poll_backwards, THREE, INCONCLUSIVE, None),
        # -- committing
        (commit_ahead, with_group(THREE, session(log_of(0, 1, 2), commits=[(2, 3)])), PASS, 0),
        (commit_ahead, with_group(THREE, session(log_of(0, 1, 2), commits=[(1, 3)])), FAIL, 1),
        (commit_ahead, with_group(THREE, session(log_of(0, 1, 2), commits=[(1, 2)])), PASS, 0),
        (commit_ahead, with_group(THREE, session(log_of(0), commits=[(5, 2)])), FAIL, 1),
        # Another member of the group has processed it.
        (
            commit_ahead,
            with_group(THREE, session(log_of(0)), session([(1, 0, 1)], at=[3], commits=[(4, 2)])),
            PASS,
            0,
        ),
        # Beyond the end of the log, no record can be lost.
        (commit_ahead, with_group(THREE, session(log_of(0, 1, 2), commits=[(9, 7)])), PASS, 0),
        (commit_ahead, with_group(THREE, session(log_of(0))), INCONCLUSIVE, None),
        (commit_regression, with_group(THREE, session([], commits=[(1, 1), (2, 3)])), PASS, 0),
        (commit_regression, with_group(THREE, session([], commits=[(1, 3), (2, 1)])), FAIL, 1),
        (commit_regression, with_group(THREE, session([], commits=[(1, 3), (2, 3)])), PASS, 0),
        (
            commit_regression,
            with_group(THREE, session([], commits=[(5, 3)]), session([], commits=[(9, 2)])),
            FAIL,
            1,
        ),
        # A crash cut off the answer to the commit of 5: it may not have been stored.
        (
            commit_regression,
            with_group(
                THREE,
                session([], commits=[(1, 3), (2, 5, UNKNOWN)], killed=True),
                session([], commits=[(9, 4)], started=8, resumes_from={0: 3}),
            ),
            PASS,
            0,
        ),
        # The commit of 5 was confirmed, whatever the broker reports after the crash.
        (
            commit_regression,
            with_group(
                THREE,
                session([], commits=[(1, 3), (2, 5)], killed=True),
                session([], commits=[(9, 4)], started=8, resumes_from={0: 3}),
            ),
            FAIL,
            1,
        ),
        # The assignment was lost, so the commit of 6 was refused: 4 is no step back.
        (
            commit_regression,
            with_group(THREE, session([], commits=[(1, 3), (2, 6, FAILED), (3, 4)])),
            PASS,
            0,
        ),
        (
            commit_regression,
            with_group(THREE, session([], commits=[(1, 3), (2, 2, FAILED)])),
            PASS,
            0,
        ),
        # It is not known whether the broker stored it.
        (
            commit_regression,
            with_group(THREE, session([], commits=[(1, 3), (2, 2, UNKNOWN)])),
            INCONCLUSIVE,
            None,
        ),
        (
            commit_regression,
            with_group(THREE, session([], commits=[(1, 3), (2, 2, UNKNOWN), (3, 1)])),
            FAIL,
            1,
        ),
        (
            commit_regression,
            with_group(THREE, session([], commits=[(1, 3, UNKNOWN)])),
            INCONCLUSIVE,
            None,
        ),
        (commit_regression, THREE, INCONCLUSIVE, None),
        # -- rebalancing
        (rebalance, with_group(THREE, session([], assigned=[1])), PASS, 0),
        (rebalance, with_group(THREE, session([], assigned=[1, 5])), FAIL, 1),
        (
            rebalance,
            with_group(THREE, session([], assigned=[1, 5]), session([], started=4)),
            PASS,
            0,
        ),
        (
            rebalance,
            with_group(THREE, session([], assigned=[1, 5 + LATE]), session([], started=4)),
            FAIL,
            1,
        ),
        (
            rebalance,
            with_group(THREE, session([], assigned=[1, 5 + SOON]), session([], started=1, ended=4)),
            FAIL,
            1,
        ),
        (
            rebalance,
            with_group(
                THREE,
                session([], assigned=[1, 5 + SOON]),
                session([], started=1, ended=4, killed=True),
            ),
            PASS,
            0,
        ),
        (rebalance, after_fault(with_group(THREE, session([], assigned=[1, 5])), 4), PASS, 0),
        (rebalance, THREE, INCONCLUSIVE, None),
        # -- after a heal
        (stuck, after_fault(THREE, 2), PASS, 0),
        (stuck, after_fault(history("auu", log_of(0)), 2), FAIL, 1),
        (stuck, after_fault(history("aau", log_of(0, 1)), 1), PASS, 0),
        (
            stuck,
            after_fault(with_group(THREE, session(log_of(0), at=[1]), drained=False), 2),
            FAIL,
            1,
        ),
        (
            stuck,
            after_fault(with_group(THREE, session(log_of(0), at=[3]), drained=False), 2),
            PASS,
            0,
        ),
        (stuck, after_fault(THREE, 9), INCONCLUSIVE, None),
        (stuck, THREE, INCONCLUSIVE, None),
        # -- several groups, several members
        (cross_talk, history("aa", log_of(0, 1), [log_of(0, 1), log_of(0, 1)]), PASS, 0),
        (cross_talk, history("aa", log_of(0, 1), [log_of(0), [(1, 0, 1)]]), FAIL, 1),
        # One of them lags: records are unseen, but were not taken by the other.
        (cross_talk, history("aa", log_of(0, 1), [log_of(0), log_of(0, 1)]), PASS, 0),
        (cross_talk, history("aa", log_of(0, 1), [log_of(0)]), INCONCLUSIVE, None),
        (
            divided,
            with_group(
                THREE,
                session(log_of(0), consumer="a"),
                session([(1, 0, 1), (2, 0, 2)], consumer="b"),
            ),
            PASS,
            1,
        ),
        (
            divided,
            with_group(
                THREE,
                session(log_of(0, 1, 2), consumer="a"),
                session(log_of(0, 1, 2), consumer="b"),
            ),
            FAIL,
            3,
        ),
        (
            divided,
            with_group(THREE, session(log_of(0, 1, 2), consumer="a"), session([], consumer="b")),
            FAIL,
            0,
        ),
        (divided, with_group(THREE, session(log_of(0, 1, 2))), INCONCLUSIVE, None),
        # -- resuming
        (
            resumed,
            with_group(
                THREE, session(log_of(0, 1)), session([(1, 0, 1), (2, 0, 2)], resumes_from={0: 1})
            ),
            PASS,
            0,
        ),
        (
            resumed,
            with_group(THREE, session(log_of(0, 1)), session([(2, 0, 2)], resumes_from={0: 1})),
            FAIL,
            1,
        ),
        (
            resumed,
            with_group(THREE, session(log_of(0, 1)), session(log_of(0, 1, 2), resumes_from={0: 1})),
            FAIL,
            1,
        ),
        # Without a committed offset, a group starts at the beginning.
        (
            resumed,
            with_group(THREE, session(log_of(0)), session(log_of(0, 1, 2), resumes_from={0: -1})),
            PASS,
            0,
        ),
        (
            resumed,
            with_group(
                THREE,
                session(
                    [(0, 0, 0), (1, 0, 1), (1, 0, 1), (2, 0, 2)], commits=[(1, 1)], assigned=[0, 2]
                ),
            ),
            PASS,
            0,
        ),
        (
            resumed,
            with_group(THREE, session([(0, 0, 0), (2, 0, 2)], commits=[(0, 1)], assigned=[0, 1])),
            FAIL,
            1,
        ),
        (
            resumed,
            with_group(
                THREE, session([(0, 0, 0), (1, 0, 1), (0, 0, 0)], commits=[(1, 2)], assigned=[0, 2])
            ),
            FAIL,
            1,
        ),
        # The commit of 2 was refused: the broker holds 1.
        (
            resumed,
            with_group(
                THREE,
                session(
                    [(0, 0, 0), (1, 0, 1), (1, 0, 1), (2, 0, 2)],
                    commits=[(0, 1), (1, 2, FAILED)],
                    assigned=[-1, 2],
                ),
            ),
            PASS,
            0,
        ),
        # It is not known: both offsets are right, but none beyond.
        (
            resumed,
            with_group(
                THREE,
                session(
                    [(0, 0, 0), (1, 0, 1), (2, 0, 2)],
                    commits=[(0, 1), (1, 2, UNKNOWN)],
                    assigned=[-1, 2],
                ),
            ),
            PASS,
            0,
        ),
        (
            resumed,
            with_group(
                THREE, session([(0, 0, 0), (2, 0, 2)], commits=[(0, 1, UNKNOWN)], assigned=[-1, 1])
            ),
            FAIL,
            1,
        ),
        # The broker had confirmed 2, and reports 1 after the restart: it lost a commit.
        (
            resumed,
            with_group(
                THREE,
                session(log_of(0, 1), commits=[(1, 2)]),
                session([(1, 0, 1), (2, 0, 2)], at=[9, 10], started=8, resumes_from={0: 1}),
            ),
            FAIL,
            1,
        ),
        # Confirmed between the broker's report and the start of the session: nothing was lost.
        (
            resumed,
            with_group(
                THREE,
                session(log_of(0, 1), at=[1, 2], consumer="other", commits=[(3, 1), (6, 2)]),
                session(
                    [(1, 0, 1), (2, 0, 2)], at=[9, 10], asked=5, started=8, resumes_from={0: 1}
                ),
            ),
            PASS,
            0,
        ),
        # Another member has processed and committed the records in between.
        (
            resumed,
            with_group(
                THREE,
                session([(0, 0, 0), (2, 0, 2)], at=[1, 8], commits=[(2, 1)], assigned=[0, 7]),
                session([(1, 0, 1)], at=[4], consumer="other", commits=[(5, 2)], assigned=[3]),
            ),
            PASS,
            0,
        ),
        (
            resumed,
            with_group(
                THREE,
                session(log_of(0), at=[1], commits=[(2, 1)]),
                session([(2, 0, 2)], at=[4], consumer="other", assigned=[3]),
            ),
            FAIL,
            1,
        ),
        (resumed, with_group(THREE, session(log_of(0, 1, 2))), INCONCLUSIVE, None),
        # -- keeping a position
        (position_kept, between(with_group(THREE, session(log_of(0, 1, 2)))), PASS, 0),
        (
            position_kept,
            between(with_group(THREE, session([(0, 0, 0), (2, 0, 2)], at=[0, 2]))),
            FAIL,
            1,
        ),
        (
            position_kept,
            between(with_group(THREE, session([(0, 0, 0), (1, 0, 1), (1, 0, 1)]))),
            FAIL,
            1,
        ),
        (
            position_kept,
            between(
                with_group(
                    THREE,
                    session(log_of(0, 1, 2), at=[0, 2, 3], commits=[(0, 1)], assigned=[-1, 1]),
                )
            ),
            PASS,
            0,
        ),
        (
            position_kept,
            between(
                with_group(
                    THREE,
                    session([(0, 0, 0), (2, 0, 2)], at=[0, 2], commits=[(0, 1)], assigned=[-1, 1]),
                )
            ),
            FAIL,
            1,
        ),
        # A member resumed, but before the fault.
        (
            position_kept,
            dataclasses.replace(
                with_group(THREE, session(log_of(0, 1), commits=[(0, 1)], assigned=[-1, 1])),
                disturbances=((5, 6),),
            ),
            INCONCLUSIVE,
            None,
        ),
        # Nothing came after the fault: nothing is proven.
        (position_kept, between(with_group(THREE, session(log_of(0)))), INCONCLUSIVE, None),
        (position_kept, with_group(THREE, session(log_of(0, 1, 2))), INCONCLUSIVE, None),
        (
            position_kept,
            cut_short(between(with_group(THREE, session(log_of(0, 1, 2))))),
            INCONCLUSIVE,
            None,
        ),
    ],
)
def test_verdict(judge: Judge, given: History, verdict: Verdict, measured: int | None) -> None:
    check = judge(given)
    assert (check.verdict, check.measured) == (verdict, measured), check


def restarted(seconds: float, again: int = 0) -> History:
    """Returns a history whose second session received a record `seconds` after its start."""
    rows = log_of(0, 1, 2)[2 - again :]
    at = [int(seconds * NS_PER_S) + n for n in range(len(rows))]
    return with_group(THREE, session(log_of(0, 1)), session(rows, at=at, resumes_from={0: 1}))


def crashed(again: int, *, killed: bool = True, took_ms: int | None = 0) -> History:
    """Returns a history in which `again` records are delivered twice; a commit took `took_ms`."""
    commits = () if took_ms is None else (Commit(0, 0, 1, OK, took_ms * NS_PER_MS),)
    rows = log_of(0, 1, 2)
    first = dataclasses.replace(session(rows, killed=killed), commits=commits)
    return with_group(THREE, first, session(rows[3 - again :], resumes_from={0: 3 - again}))


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (crashed(0, killed=False), PASS),
        (crashed(1, killed=False), FAIL),
        # 10 ms between commits, 10 ms a record: one record, and the one being processed.
        (crashed(2), PASS),
        (crashed(3), FAIL),
        # The commit itself took another 10 ms.
        (crashed(3, took_ms=10), PASS),
        (crashed(3, took_ms=9), FAIL),
        (crashed(0, took_ms=None), INCONCLUSIVE),
    ],
)
def test_redeliveries_are_bounded(given: History, verdict: Verdict) -> None:
    assert redelivery_bound(given, 10, 10).verdict is verdict


@pytest.mark.parametrize(
    ("asked_ms", "outcome", "verdict"),
    [
        (5, OK, FAIL),
        # Unanswered for 20 ms when the consumer was killed.
        (5, UNKNOWN, PASS),
        (16, UNKNOWN, FAIL),
        # A later commit was confirmed.
        (-5, UNKNOWN, FAIL),
    ],
)
def test_a_commit_in_flight_at_the_crash_counts(
    asked_ms: int, outcome: CommitOutcome, verdict: Verdict
) -> None:
    asked = asked_ms * NS_PER_MS
    answered = asked if outcome is OK else 0
    commits = (Commit(0, 0, 1, OK), Commit(asked, 0, 2, outcome, answered))
    rows = log_of(0, 1, 2, 3)
    killed = session(rows, killed=True, ended=25 * NS_PER_MS)
    given = with_group(
        history("aaaa", rows), dataclasses.replace(killed, commits=commits), session(rows)
    )
    assert redelivery_bound(given, 10, 10).verdict is verdict


def test_without_a_restart_there_is_no_recovery_to_judge() -> None:
    calm = with_group(THREE, session(log_of(0, 1, 2)))
    assert redelivery_bound(calm, 500, 5).verdict is INCONCLUSIVE
    assert consumer_restart(calm, FIVE_S).verdict is INCONCLUSIVE
    assert dynamic_restart(calm, FIVE_S, 10).verdict is INCONCLUSIVE
    assert consumer_restart(THREE, FIVE_S).verdict is INCONCLUSIVE


@pytest.mark.parametrize(("seconds", "verdict"), [(4.9, PASS), (5.0, FAIL)])
def test_recovery_of_a_consumer(seconds: float, verdict: Verdict) -> None:
    assert consumer_restart(restarted(seconds), FIVE_S).verdict is verdict


@pytest.mark.parametrize(
    ("killed", "assigned", "seconds", "verdict"),
    [
        (True, 9, 9.5, DEVIATION),
        # The wait ends with the crashed member's session; later delays are the consumer's own.
        (True, 14, 14.9, DEVIATION),
        (True, 14, 15.0, FAIL),
        # Assigned at once, without a wait for a session.
        (True, 1, 6.5, FAIL),
        # After an orderly leave, no member has to wait.
        (False, 9, 9.5, FAIL),
    ],
)
def test_only_a_proven_wait_for_a_crashed_member_s_session_excuses(
    killed: bool, assigned: float, seconds: float, verdict: Verdict
) -> None:
    first = session(log_of(0, 1), killed=killed, ended=0)
    again = session(
        [(2, 0, 2)],
        at=[int(seconds * NS_PER_S)],
        assigned=[int(assigned * NS_PER_S)],
        resumes_from={0: 2},
    )
    check = dynamic_restart(with_group(THREE, first, again), FIVE_S, 10)
    assert check.verdict is verdict, check
    assert "group.instance.id" in check.evidence[1]


@pytest.mark.parametrize(
    ("committed", "verdict"), [({0: 3}, PASS), ({0: 2}, FAIL), ({0: -1}, FAIL), ({}, INCONCLUSIVE)]
)
def test_the_committed_offset_must_follow_the_last_processed_record(
    committed: dict[int, int], verdict: Verdict
) -> None:
    group = GroupRead("group", (session(log_of(0, 1, 2)),), True, committed)
    assert final_commit(dataclasses.replace(THREE, groups=(group,))).verdict is verdict
    assert final_commit(THREE).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("given", "held", "verdict"),
    [
        # It could not leave, so its last commit may never have been sent.
        (session(log_of(0, 1, 2), commits=[(1, 2)], left=False), 2, INCONCLUSIVE),
        (session(log_of(0, 1, 2), commits=[(1, 2)], left=True), 2, FAIL),
        (session(log_of(0, 1, 2), commits=[(1, 2), (3, 3, UNKNOWN)]), 2, INCONCLUSIVE),
        (session(log_of(0, 1, 2), commits=[(1, 2), (3, 3, FAILED)]), 2, INCONCLUSIVE),
        # Lower than the broker had confirmed: it lost a commit, however the member ended.
        (session(log_of(0, 1, 2), commits=[(1, 2)], left=False), 1, FAIL),
        (session(log_of(0, 1, 2), commits=[(1, 2), (3, 3)], killed=True), 2, FAIL),
        # Higher than any member processed: another client committed it.
        (session(log_of(0, 1), commits=[(1, 2)], left=False), 3, FAIL),
        (session(log_of(0, 1, 2), commits=[(1, 2)], left=False), 3, PASS),
    ],
)
def test_a_final_commit_that_was_never_sent_is_not_the_broker_s_fault(
    given: Session, held: int, verdict: Verdict
) -> None:
    group = GroupRead("group", (given,), True, {0: held})
    check = final_commit(dataclasses.replace(THREE, groups=(group,)))
    assert check.verdict is verdict, check


def test_nothing_twice() -> None:
    assert nothing_twice(count_delivery(THREE)).verdict is PASS
    assert nothing_twice(count_delivery(history("aa", log_of(0, 0, 1)))).verdict is FAIL
    cut = count_delivery(history("aa", log_of(0, 1), complete=False))
    assert nothing_twice(cut).verdict is INCONCLUSIVE
