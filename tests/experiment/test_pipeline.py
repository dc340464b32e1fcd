"""Waiting for a pipeline's events: what ends the wait, and what the checks judge instead."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support.clients.obstacles import OpenTransaction
from support.errors import Inconclusive
from support.experiment.pipeline import Pipeline
from support.progress import Progress
from support.record.slots import Slot
from support.stack import replication

SOON = timedelta(seconds=5)


def pipeline(stored: list[int], failures: list[str]) -> Any:
    """Reports the stored events and a FAILED task at each look; the last values stay."""
    made: Any = Pipeline.__new__(Pipeline)
    made.name, made.database = "kv_1", None
    made._experiment = SimpleNamespace(progress=Progress(io.StringIO()))
    made.slot = lambda: None
    made.stored = lambda: stored.pop(0) if len(stored) > 1 else stored[0]
    made.failure = lambda: failures.pop(0) if len(failures) > 1 else failures[0]
    return made


@pytest.mark.parametrize(
    ("stored", "failures"),
    [
        ([9], ["boom"]),
        ([5, 9], ["", "boom"]),
        # It stored them and failed between the two questions.
        ([5, 9], ["boom"]),
    ],
)
def test_a_task_that_fails_when_enough_is_stored_is_left_to_the_checks(
    stored: list[int], failures: list[str]
) -> None:
    pipeline(stored, failures).await_events(9, SOON, "the first change")


def test_a_task_that_fails_before_that_ends_the_waiting() -> None:
    with pytest.raises(Inconclusive, match="The connector's task FAILED: boom"):
        pipeline([5], ["", "boom"]).await_events(9, SOON, "the first change")


def test_a_slot_that_a_long_transaction_keeps_from_being_made_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = OpenTransaction("731", 17, "session 17 has transaction 731", "SELECT 1")
    monkeypatch.setattr(replication, "open_transactions", lambda _: [busy])
    waiting = pipeline([0], [""])
    waiting.slot = lambda: Slot(17, 0, 100, 0, "reserved")
    with pytest.raises(Inconclusive, match="session 17 has transaction 731"):
        waiting.await_events(9, timedelta(seconds=0.3), "snapshot")
