"""Change data capture that loses, invents or stands still is found, by the check that names it."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from support import clock
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.slot import drop_slot
from support.faults.capture_restart import Capture, CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.progress import Progress
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.leftovers import FOUND, PREFIX, new_run_id
from support.trials.cdc_trial import CdcTrial
from support.trials.pipeline import Pipeline
from support.trials.trial import Identity, Trial
from tests.contract.running import running_stack

FILTER = {
    "transforms": "drop",
    "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter",
    "transforms.drop.predicate": "unwanted",
    "predicates": "unwanted",
}
SMALL_REQUESTS = {"producer.override.max.request.size": "15000"}
"""Less than a row with a large value takes."""


@pytest.fixture(scope="module")
def stack() -> Iterator[EmbeddedStack]:
    settings = Settings.load({"scale": "0.05"})
    with running_stack(EmbeddedStack(settings, Progress(io.StringIO()))) as running:
        yield running


@contextmanager
def cdc(
    stack: EmbeddedStack, folder: Path, connector: Mapping[str, str], number: int = 1
) -> Iterator[CdcTrial]:
    """A trial whose connector has other settings than the baseline's."""
    baseline = stack.baseline
    stack.baseline = dataclasses.replace(baseline, connector={**baseline.connector, **connector})
    settings = Settings.load({"scale": "0.05", "patience": "0.2"})
    identity = Identity("a feature", "a scenario", ("delivery",))
    run = folder / new_run_id(clock.utc_now())
    trial = Trial(identity, settings, stack, Progress(io.StringIO()), run, number)
    try:
        yield CdcTrial(trial)
    finally:
        stack.baseline = baseline
        trial.close()


def verdicts(trial: CdcTrial) -> dict[str, Check]:
    return {check.name: check for check in trial._trial.result().checks}


def red(trial: CdcTrial) -> set[str]:
    return {name for name, check in verdicts(trial).items() if check.verdict is Verdict.FAIL}


def changed(trial: CdcTrial) -> set[str]:
    trial.start_changes()
    trial.run_calmly(timedelta(seconds=5))
    trial.settle()
    return red(trial)


def unwanted(kind: str, **settings: str) -> dict[str, str]:
    prefix = "predicates.unwanted"
    name = f"org.apache.kafka.connect.transforms.predicates.{kind}"
    return {**FILTER, f"{prefix}.type": name, **{f"{prefix}.{k}": v for k, v in settings.items()}}


@pytest.mark.parametrize(
    ("connector", "found"),
    [
        ({}, set[str]()),
        (unwanted("RecordIsTombstone"), {"CDC tombstones"}),
        (unwanted("TopicNameMatches", pattern=".*comments"), {"CDC changes missing", "CDC image"}),
        ({"table.include.list": "public.videos,public.users"},
         {"CDC changes missing", "CDC image"}),
        ({**SMALL_REQUESTS, "errors.tolerance": "all"},
         {"CDC changes missing", "CDC image"}),
    ],
    ids=["right", "no tombstones", "no comments", "not captured", "dropped"],
)  # fmt: skip
def test_what_a_connector_leaves_out_is_found(
    stack: EmbeddedStack, tmp_path: Path, connector: Mapping[str, str], found: set[str]
) -> None:
    with cdc(stack, tmp_path, connector) as trial:
        seen = changed(trial)
    assert seen >= found
    assert bool(seen) == bool(found)


def test_a_failed_task_under_a_running_connector_is_found_with_its_trace(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, SMALL_REQUESTS) as trial:
        found = changed(trial)
        state = verdicts(trial)["task state"]
    assert {"task state", "CDC changes missing", "CDC caught up"} <= found
    assert state.measured == "connector RUNNING, tasks FAILED"
    assert any("RecordTooLarge" in line or "Exception" in line for line in state.evidence)


def test_a_row_changed_behind_the_writers_back_is_found(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}) as trial:
        trial.start_changes()
        pipeline = trial._pipeline
        pipeline.database.execute(f"UPDATE {pipeline.name}.users SET name = 'x' WHERE id = 1")
        trial.run_calmly(timedelta(seconds=5))
        trial.settle()
        assert red(trial) == {"CDC rolled back visible"}
        assert "u of users 1" in verdicts(trial)["CDC rolled back visible"].evidence[0]


class SlotDropped(CaptureRestart):
    """While the worker is away, somebody drops the slot."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        with super().injected(capture) as timeline:
            drop_slot(capture.database, capture.name, self.patience)
            yield timeline


def test_changes_that_went_with_a_dropped_slot_are_found(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}) as trial:
        trial.start_changes()
        trial.run_through(SlotDropped(How.WORKER, timedelta(seconds=60)))
        trial.settle()
        assert {"CDC changes missing", "CDC image"} <= red(trial)


def left(stack: EmbeddedStack) -> set[str]:
    """Schemas, slots, publications and connectors of trials."""
    database = Database(stack.endpoints.database.conninfo)
    connectors = ConnectClient(stack.endpoints.connect_url).connectors()
    rows = database.query(FOUND, {"prefix": PREFIX})
    return {name for (name,) in rows} | {name for name in connectors if name.startswith(PREFIX)}


def test_nothing_is_left_of_a_trial_nor_of_the_one_that_crashed_before_it(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}, number=1) as crashed:
        crashed.start_capture()
        was_to_be_done = crashed._trial.cleanup.pop_all()
    assert left(stack) == {crashed._pipeline.name}
    with cdc(stack, tmp_path, {}, number=2) as trial:
        trial.start_capture()
        assert left(stack) == {trial._pipeline.name}
    assert left(stack) == set()
    was_to_be_done.close()
