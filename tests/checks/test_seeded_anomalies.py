"""A random legal history passes every check; with one anomaly, exactly that one is found."""

from __future__ import annotations

import dataclasses
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.checks.delivery import check_delivery
from support.checks.resumed import position_kept, resumed, resumptions
from support.record.archive import write_history
from support.record.attempts import Outcome
from support.record.history import History
from support.record.sessions import GroupRead
from support.results.schema import Check, Verdict
from support.settings import ROOT
from tests.checks.legal import ANOMALIES, leaderless, legal_history

HISTORIES, CHANCE = 300, random.SystemRandom()
CLEAN = (Verdict.PASS, Verdict.MEASURED)
RESUMING = (resumed, position_kept)


def wrong(judged: Callable[[random.Random], object]) -> dict[int, object]:
    """Returns seed -> findings of `judged` that are not empty, for HISTORIES new seeds.

    An error has a note with the seed.
    """
    found = {}
    for seed in (CHANCE.getrandbits(32) for _ in range(HISTORIES)):
        try:
            found[seed] = judged(random.Random(seed))
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
    return {seed: finding for seed, finding in found.items() if finding}


def verdicts(history: History) -> dict[str, Verdict]:
    """Returns the verdicts of all checks. An unknown outcome is no anomaly, but not accepted."""
    found = {check.name: check.verdict for check in check_delivery(history)}
    if history.attempts.count(Outcome.ACKED) < len(history.attempts):
        assert found.pop("accepted") is Verdict.FAIL
    return found


def failing(history: History) -> set[str]:
    return {name for name, verdict in verdicts(history).items() if verdict is Verdict.FAIL}


def test_a_legal_history_is_clean() -> None:
    """No check is INCONCLUSIVE either."""

    def unclean(luck: random.Random) -> dict[str, Verdict]:
        history = legal_history(luck, luck.randint(1, 3))
        return {name: v for name, v in verdicts(history).items() if v not in CLEAN}

    assert wrong(unclean) == {}


def test_legal_resumptions_are_right() -> None:
    def failed(luck: random.Random) -> list[Check]:
        history = legal_history(luck, luck.randint(1, 2))
        checks = [judge(history) for judge in RESUMING]
        if any(list(resumptions(group)) for group in history.groups):
            return [check for check in checks if check.verdict is not Verdict.PASS]
        return [check for check in checks if check.verdict is Verdict.FAIL]

    assert wrong(failed) == {}


def test_a_consumer_that_continues_elsewhere_than_at_its_commit_is_found() -> None:
    def overlooked(luck: random.Random) -> list[Check]:
        history = legal_history(luck, 1)
        checks = [judge(each) for each in elsewhere(history) for judge in RESUMING]
        return [check for check in checks if check.verdict is not Verdict.FAIL]

    assert wrong(overlooked) == {}


def elsewhere(history: History) -> Iterator[History]:
    """Yields the history with another start of one session, for each session that resumed."""
    (group,) = history.groups
    for session in (each for each in group.sessions if each.resumes_from and len(each.seen)):
        home = int(session.seen.partition[0])
        other = {**session.resumes_from, home: session.resumes_from[home] + 1}
        sessions = tuple(
            dataclasses.replace(each, resumes_from=other) if each is session else each
            for each in group.sessions
        )
        changed = GroupRead(group.group, sessions, group.drained, group.committed)
        yield dataclasses.replace(history, groups=(changed,))


@pytest.mark.parametrize("anomaly", ANOMALIES)
def test_a_seeded_anomaly_is_found_and_nothing_else(anomaly: str) -> None:
    put_in, expected = ANOMALIES[anomaly]
    least = 2 if anomaly == "group cross-talk" else 1

    def unexpected(luck: random.Random) -> set[str]:
        history = legal_history(luck, luck.randint(least, 2), doubt=anomaly != "accepted")
        return failing(put_in(history)) ^ expected

    assert wrong(unexpected) == {}


def test_every_check_has_a_seeded_anomaly() -> None:
    judged = check_delivery(legal_history(random.Random(1), 2))
    assert {c.name for c in judged if c.verdict is not Verdict.MEASURED} == set(ANOMALIES)


def test_a_partition_without_a_leader_is_doubt_and_no_loss() -> None:
    doubtful = ("lost", "unseen", "log truncated")

    def misjudged(luck: random.Random) -> dict[str, Verdict]:
        found = verdicts(leaderless(legal_history(luck, luck.randint(1, 2))))
        known = {name: v for name, v in found.items() if v is Verdict.FAIL}
        return known | {n: found[n] for n in doubtful if found[n] is not Verdict.INCONCLUSIVE}

    assert wrong(misjudged) == {}


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
