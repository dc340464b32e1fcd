"""A random legal history passes every check; with one anomaly, exactly that one is found."""

from __future__ import annotations

import dataclasses
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.checks.delivery import check_delivery
from support.checks.resumed import position_kept, resumed, resumptions
from support.record.archive import write_history
from support.record.attempts import Outcome
from support.record.history import History
from support.record.sessions import GroupRead
from support.results.schema import Verdict
from support.settings import ROOT
from tests.checks.legal import ANOMALIES, leaderless, legal_history

EXAMPLES = 300
CLEAN = (Verdict.PASS, Verdict.MEASURED)
RESUMING = (resumed, position_kept)


def verdicts(history: History) -> dict[str, Verdict]:
    """Returns the verdicts of all checks. An unknown outcome is no anomaly, but not accepted."""
    found = {check.name: check.verdict for check in check_delivery(history)}
    if history.attempts.count(Outcome.ACKED) < len(history.attempts):
        assert found.pop("accepted") is Verdict.FAIL
    return found


def failing(history: History) -> set[str]:
    return {name for name, verdict in verdicts(history).items() if verdict is Verdict.FAIL}


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True), st.integers(1, 3))
def test_a_legal_history_is_clean(luck: random.Random, groups: int) -> None:
    """No check is INCONCLUSIVE either."""
    history = legal_history(luck, groups)
    unclean = {name: v for name, v in verdicts(history).items() if v not in CLEAN}
    assert unclean == {}


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True), st.integers(1, 2))
def test_legal_resumptions_are_right(luck: random.Random, groups: int) -> None:
    history = legal_history(luck, groups)
    for judge in RESUMING:
        check = judge(history)
        assert check.verdict is not Verdict.FAIL, check
    if any(list(resumptions(group)) for group in history.groups):
        assert all(judge(history).verdict is Verdict.PASS for judge in RESUMING)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True))
def test_a_consumer_that_continues_elsewhere_than_at_its_commit_is_found(
    luck: random.Random,
) -> None:
    history = legal_history(luck, 1)
    (group,) = history.groups
    for session in (each for each in group.sessions if each.resumes_from and len(each.seen)):
        home = int(session.seen.partition[0])
        other = {**session.resumes_from, home: session.resumes_from[home] + 1}
        sessions = tuple(
            dataclasses.replace(each, resumes_from=other) if each is session else each
            for each in group.sessions
        )
        changed = GroupRead(group.group, sessions, group.drained, group.committed)
        wrong = dataclasses.replace(history, groups=(changed,))
        assert {judge(wrong).verdict for judge in RESUMING} == {Verdict.FAIL}


@pytest.mark.parametrize("anomaly", ANOMALIES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(luck=st.randoms(use_true_random=True), groups=st.integers(1, 2))
def test_a_seeded_anomaly_is_found_and_nothing_else(
    anomaly: str, luck: random.Random, groups: int
) -> None:
    put_in, expected = ANOMALIES[anomaly]
    least = 2 if anomaly == "group cross-talk" else 1
    history = legal_history(luck, max(groups, least), doubt=anomaly != "accepted")
    assert failing(put_in(history)) == expected


def test_every_check_has_a_seeded_anomaly() -> None:
    judged = check_delivery(legal_history(random.Random(1), 2))
    assert {c.name for c in judged if c.verdict is not Verdict.MEASURED} == set(ANOMALIES)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.randoms(use_true_random=True), st.integers(1, 2))
def test_a_partition_without_a_leader_is_doubt_and_no_loss(
    luck: random.Random, groups: int
) -> None:
    history = leaderless(legal_history(luck, groups))
    assert failing(history) == set()
    found = verdicts(history)
    assert {found[name] for name in ("lost", "unseen", "log truncated")} == {Verdict.INCONCLUSIVE}


def test_the_words_do_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    write_history(ANOMALIES["group cross-talk"][0](legal_history(random.Random(3), 3)), tmp_path)
    told = {
        subprocess.run(
            [sys.executable, "-m", "support.checks", str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(told) == 1
    assert "group cross-talk" in told.pop()
