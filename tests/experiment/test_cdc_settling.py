"""From when waiting for the last change counts, and what shows that it arrived."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support.clients.connect import OffsetsUnknown
from support.experiment import cdc_arriving
from support.experiment.cdc_settling import (
    await_caught_up,
    committed_offset,
    goal_of,
    last_change,
    shown_ns,
)
from support.progress import Progress
from support.record.arrivals import Arrivals
from support.record.changes import Change, Fate, Transaction, WrittenChanges
from support.results.schema import Check, Verdict
from tests.checks.test_cdc_checks import made
from tests.experiment.test_cdc_measured import arrived

INSERT = Change("c", "users", 1, 1)


def did(*fates: Fate) -> WrittenChanges:
    """A transaction for each fate, its commit known at 10, 20, 30 ..."""
    return WrittenChanges(
        [
            Transaction("test", (Change("c", "users", n, n),), fate, 10 * n)
            for n, fate in enumerate(fates, 1)
        ]
    )


def test_the_last_change_is_the_last_committed_one() -> None:
    found = last_change(did(Fate.COMMITTED, Fate.COMMITTED, Fate.UNKNOWN, Fate.ROLLED_BACK))
    assert found == (Change("c", "users", 2, 2), 20)
    assert last_change(did(Fate.ROLLED_BACK)) is None


def test_waiting_counts_from_the_last_commit_or_from_the_heal() -> None:
    assert goal_of(did(Fate.COMMITTED), 1, 2, 0).since_ns == 10
    assert goal_of(did(Fate.COMMITTED), 1, 2, 500).since_ns == 500


def test_a_change_is_shown_by_its_event_or_by_a_snapshot_of_its_row() -> None:
    streamed, shown = arrived((made("c", 1), 2.0)), arrived((made("r", 1), 3.0))
    assert shown_ns(streamed, INSERT) == 2_000_000_000
    assert shown_ns(shown, INSERT) == 3_000_000_000
    assert shown_ns(arrived((made("r", 1), 3.0)), Change("d", "users", 1, 1)) is None
    assert shown_ns(Arrivals(), INSERT) is None


def test_an_old_connect_leaves_the_committed_offset_unjudged() -> None:
    class Old:
        def committed_lsn(self) -> int | None:
            raise OffsetsUnknown("Kafka Connect 3.4 can't tell.")

    assert committed_offset(Old()).cannot == "Kafka Connect 3.4 can't tell."  # type: ignore[arg-type]


class Failing:
    """A pipeline whose task is FAILED at the first looks: so many, or all."""

    def __init__(self, looks: int | None) -> None:
        self._looks = looks

    def lost(self) -> str:
        return ""

    def failed(self) -> str:
        if self._looks is not None:
            self._looks -= 1
        return "the task FAILED: boom" if self._looks is None or self._looks >= 0 else ""


@pytest.mark.parametrize(("looks", "verdict"), [(None, Verdict.FAIL), (1, Verdict.INCONCLUSIVE)])
def test_only_a_task_that_stays_failed_can_never_catch_up(
    monkeypatch: pytest.MonkeyPatch, looks: int | None, verdict: Verdict
) -> None:
    """For some seconds Connect may tell the state of before a restart."""
    monkeypatch.setattr(cdc_arriving, "STAYS_FAILED", timedelta(milliseconds=300))
    judged: list[Check] = []
    trial: Any = SimpleNamespace(
        progress=Progress(io.StringIO()),
        judge=judged.append,
        patience=lambda seconds: timedelta(seconds=seconds / 60),
    )
    arriving: Any = SimpleNamespace(arrivals=Arrivals(), trouble="", reported=["an error"])
    pipeline: Any = Failing(looks)
    await_caught_up(trial, pipeline, arriving, goal_of(did(Fate.COMMITTED), 1, 2, 0))
    assert [check.verdict for check in judged] == [verdict]
