"""Change data capture that loses, invents or stands still is found, by the check that names it."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.slot import drop_slot
from support.faults.capture_restart import CaptureRestart, How
from support.progress import Progress
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from support.trials.cdc_trial import CdcTrial
from support.trials.pipeline import PREFIX
from support.trials.trial import Identity, Trial
from tests.contract.running import running_stack

PATIENCE = timedelta(seconds=60)
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
def cdc(stack: EmbeddedStack, folder: Path, connector: Mapping[str, str]) -> Iterator[CdcTrial]:
    """A trial whose connector has other settings than the baseline's."""
    baseline = stack.baseline
    stack.baseline = dataclasses.replace(baseline, connector={**baseline.connector, **connector})
    settings = Settings.load({"scale": "0.05", "patience": "0.2"})
    identity = Identity("a feature", "a scenario", ("delivery",))
    trial = Trial(identity, settings, stack, Progress(io.StringIO()), folder / "run", 1)
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
         {"CDC changes missing", "CDC image", "CDC before"}),
        ({"tombstones.on.delete": "false"}, {"CDC tombstones"}),
    ],
    ids=["right", "no tombstones", "no comments", "not captured", "dropped", "not sent"],
)  # fmt: skip
def test_what_a_connector_leaves_out_is_found(
    stack: EmbeddedStack, tmp_path: Path, connector: Mapping[str, str], found: set[str]
) -> None:
    with cdc(stack, tmp_path, connector) as trial:
        assert changed(trial) == found


def test_a_failed_task_under_a_running_connector_is_found_with_its_trace(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, SMALL_REQUESTS) as trial:
        found = changed(trial)
        state = verdicts(trial)["task state"]
    assert {"task state", "CDC changes missing", "CDC caught up"} <= found
    assert state.measured == "connector RUNNING, tasks FAILED"
    assert any("RecordTooLarge" in line or "Exception" in line for line in state.evidence)


def test_a_slot_that_is_dropped_while_connect_is_down_loses_changes(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    class WithoutSlot(CaptureRestart):
        @contextmanager
        def injected(self, capture: Any) -> Iterator[Any]:
            with super().injected(capture) as timeline:
                drop_slot(capture.database, capture.name, PATIENCE)
                written = trial._writer.count()
                while trial._writer.count() < written + 50:
                    pass
                yield timeline

    with cdc(stack, tmp_path, {}) as trial:
        trial.start_changes()
        trial.run_through(WithoutSlot(How.WORKER_CRASH, PATIENCE))
        trial.settle()
        assert "CDC changes missing" in red(trial)


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


def test_nothing_of_a_pipeline_is_left_and_a_crashed_runs_is_dropped(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    for crashed in (True, False):
        with cdc(stack, tmp_path / str(crashed), {}) as trial:
            trial.start_changes()
            if crashed:
                # What `kill -9` leaves: nothing of the cleaning up happens.
                trial._trial.cleanup.pop_all()
                trial._writer.stop()
                assert left(stack) != []
                # The next run has another name.
    assert left(stack) == []
    topics = BrokerClient(stack.endpoints.bootstrap).topics()
    assert not any("videos" in topic and not topic.startswith("dbserver") for topic in topics)


def left(stack: EmbeddedStack) -> list[str]:
    connectors = ConnectClient(stack.endpoints.connect_url).connectors()
    with psycopg.connect(stack.endpoints.database.conninfo) as connection:
        found = connection.execute(
            "SELECT slot_name::text FROM pg_replication_slots UNION ALL "
            "SELECT nspname FROM pg_namespace UNION ALL SELECT pubname FROM pg_publication"
        ).fetchall()
    return [n for n in [*connectors, *(row[0] for row in found)] if n.startswith(PREFIX)]
