"""Sabotage of change data capture: by its connector, database, topics and operator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests

from support import clock
from support.checks.cdc_snapshot import logged_errors
from support.clients.slot import drop_slot
from support.experiment import cdc_changes
from support.experiment.cdc_changes import CdcChanges
from support.experiment.cdc_settling import await_confirmed, judge, record_events
from support.experiment.connector import FLUSH_INTERVAL
from support.experiment.experiment import Experiment
from support.experiment.large_rows import LargeRows
from support.experiment.pipeline import Pipeline
from support.experiment.snapshot import Snapshot, errors_of
from support.faults.capture import Capture
from support.faults.capture_restart import CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.metrics.part_logs import PartLogs
from support.promises.cdc_recovery import CDC_RECOVERY_TIME, REPLICATION_SLOT
from support.promises.edge import ROWS_WHOLE, TASK_OUTCOME
from support.record.capture import COMMITTED_OFFSET
from support.record.faults import FAULTS, FaultsRecord, RecordedFault
from support.record.sizes import LARGE_ROWS, STOPPED_TASK, LargeRowsRecord, StoppedTask
from support.stack.lifecycle import PartControl
from support.waiting import wait_until
from tests.contract.red.mirror import Copied, Mirror
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.verdicts import described, failing, judged, red
from tests.contract.seen_red import sees_red
from tests.contract.test_cdc import SMALL_REQUESTS, unwanted

SOME = timedelta(seconds=3)
SOON = timedelta(seconds=20)
ROWS = 500


def changed(cdc: CdcChanges) -> set[str]:
    """Makes changes, and returns the names of the checks that are FAIL."""
    cdc.run_calmly(SOME)
    cdc.settle()
    return red(judged(cdc._experiment))


@sees_red(
    "CDC changes missing",
    "CDC tombstones",
    "CDC image",
    "CDC rolled back visible",
    "statements accepted",
)
def test_a_connector_that_leaves_out_and_another_writer(
    stack: SabotagedStack, trial: Experiment
) -> None:
    tables = {"table.include.list": "public.videos,public.users"}
    stack.configure(connector={**unwanted("RecordIsTombstone"), **tables})
    cdc = CdcChanges(trial)
    cdc.capture.start_changes()
    schema = cdc.capture.pipeline.name
    cdc.capture.pipeline.database.execute(f"UPDATE {schema}.users SET name = 'x' WHERE id = 1")
    cdc.run_calmly(SOME)
    cdc.capture.pipeline.database.execute(f"ALTER TABLE {schema}.users REPLICA IDENTITY NOTHING")
    found = {
        "CDC changes missing",
        "CDC tombstones",
        "CDC image",
        "CDC rolled back visible",
        "statements accepted",
    }
    assert changed(cdc) >= found, described(trial)


@sees_red("task state", "CDC caught up", "CDC changes missing", "logged errors")
def test_a_task_that_fails_under_a_running_connector(
    stack: SabotagedStack, trial: Experiment
) -> None:
    stack.configure(connector=SMALL_REQUESTS)
    logs = PartLogs(stack.logs, ("connect",))
    cdc = CdcChanges(trial)
    cdc.capture.start_changes()
    found = {"task state", "CDC caught up", "CDC changes missing"}
    assert changed(cdc) >= found, described(trial)
    logged = {part: errors_of(log) for part, log in logs.read().items()}
    assert red([logged_errors(logged)]) == {"logged errors"}


def ask(pipeline: Pipeline, method: str, what: str) -> None:
    """Repeats a request about the pipeline's connector until Connect accepts it."""
    url = f"{pipeline._experiment.stack.endpoints.connect.url}/connectors/{pipeline.name}/{what}"
    wait_until(
        lambda: requests.request(method, url, timeout=30).ok, bool, SOON, f"{what} of the connector"
    )


class OffsetsRemoved(CaptureRestart):
    """A restart of the connector during which its source offsets are removed."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        with super().injected(capture) as timeline:
            ask(capture, "PUT", "stop")
            ask(capture, "DELETE", "offsets")
            ask(capture, "PUT", "resume")
            yield timeline


@sees_red("snapshot repeated")
def test_a_connector_whose_offsets_were_removed(trial: Experiment) -> None:
    cdc = CdcChanges(trial)
    cdc.capture.start_changes()
    cdc.run_through(OffsetsRemoved(How.CONNECTOR, SOON))
    cdc.settle()
    assert red(judged(trial)) >= {"snapshot repeated"}, described(trial)


class Silenced(CaptureRestart):
    """A restart of the connector during which it is configured to drop every event."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        with super().injected(capture) as timeline:
            capture.change(unwanted("TopicNameMatches", pattern=".*"))
            yield timeline


@sees_red("CDC recovery time", "replication slot")
def test_a_connector_that_was_silenced_and_a_slot_that_was_dropped(
    trial: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cdc_changes, "AGAIN", SOON)
    cdc = CdcChanges(trial)
    cdc.capture.start_changes()
    cdc.run_through(Silenced(How.CONNECTOR, SOON))
    cdc.capture.arriving.end()
    ask(cdc.capture.pipeline, "PUT", "stop")
    drop_slot(cdc.capture.pipeline.database, cdc.capture.pipeline.name, SOON)
    await_confirmed(cdc.capture)
    trial.verdicts.judge(CDC_RECOVERY_TIME.below(0.001), REPLICATION_SLOT)
    assert red(judged(trial)) >= {"CDC recovery time", "replication slot"}, described(trial)


class EndedAgain(CaptureRestart):
    """A restart of the worker that crashes again just after its start."""

    def _start_again(self, part: PartControl | None, *, broken: bool) -> None:
        super()._start_again(part, broken=broken)
        assert part is not None
        part.kill()


@sees_red("back without help")
def test_a_worker_that_ends_again(trial: Experiment) -> None:
    cdc = CdcChanges(trial)
    cdc.capture.start()
    cdc.break_and_heal(EndedAgain(How.WORKER_CRASH, timedelta(seconds=60)))
    assert red(judged(trial)) == {"back without help"}, described(trial)


@sees_red(
    "CDC order",
    "CDC before",
    "legal envelopes",
    "CDC changes missing",
    "resent from the commit",
    "resent bound",
)
def test_a_mirror_that_does_not_copy_faithfully(trial: Experiment) -> None:
    cdc = CdcChanges(trial)
    cdc.capture.start_changes()
    assert changed(cdc) == set(), described(trial)
    mirror, record = Mirror(cdc), trial.record

    record_events(cdc.capture, mirror.copies(with_one_swapped))
    judge(cdc.capture)
    assert red(judged(trial)) >= {"CDC order", "CDC before"}, described(trial)

    record_events(cdc.capture, mirror.copies(all_cut))
    judge(cdc.capture)
    assert red(judged(trial)) >= {"legal envelopes", "CDC changes missing"}, described(trial)

    record_events(cdc.capture, mirror.copies(all_twice))
    committed = cdc.capture.pipeline.connector.committed_offset({FLUSH_INTERVAL: "0"})
    record.write(COMMITTED_OFFSET, committed)
    record.write(FAULTS, FaultsRecord((RecordedFault("none", clock.now_ns(), (), 0, ()),)))
    judge(cdc.capture)
    assert red(judged(trial)) >= {"resent from the commit", "resent bound"}, described(trial)


def all_cut(records: list[Copied]) -> list[Copied]:
    return [record.cut() for record in records]


def all_twice(records: list[Copied]) -> list[Copied]:
    return [*records, *records]


def with_one_swapped(records: list[Copied]) -> list[Copied]:
    """Returns the records with the first two updates of a row swapped."""
    updates: dict[tuple[str, bytes], int] = {}
    for late, record in enumerate(records):
        if record.value is None or json.loads(record.value)["op"] != "u":
            continue
        early = updates.setdefault((record.table, record.key), late)
        if early != late:
            records[early], records[late] = records[late], records[early]
            return records
    raise AssertionError("no row was updated twice")


@sees_red("snapshot rows", "legal envelopes")
def test_rows_that_change_after_the_snapshot(trial: Experiment) -> None:
    snapshot = Snapshot(trial)
    snapshot.fill(ROWS)
    snapshot.take()
    pipeline = snapshot.pipeline
    pipeline.database.execute(f"UPDATE {pipeline.name}.users SET name = 'x' WHERE id = 1")
    wait_until(pipeline.stored, lambda seen: seen > ROWS, SOON, "the event of the change")
    snapshot.compare_rows()
    assert red(judged(trial)) >= {"snapshot rows", "legal envelopes"}, described(trial)


@sees_red("task outcome", "rows whole")
def test_a_connector_that_drops_what_is_too_large(stack: SabotagedStack, trial: Experiment) -> None:
    stack.configure(connector={**SMALL_REQUESTS, "errors.tolerance": "all"})
    rows = LargeRows(trial)
    rows.start()
    rows._next_id += 1
    rows._pipeline.database.execute(
        f"INSERT INTO {rows._pipeline.name}.comments (id, video_id, user_id, body) "
        f"VALUES ({rows._next_id}, 1, 1, repeat('x', 20000)), ({rows._next_id + 1}, 1, 1, 'small')"
    )
    stored = rows._stored
    wait_until(rows._pipeline.stored, lambda seen: seen > stored, SOON, "the small row's event")
    state = rows._pipeline.connector.state()
    trial.record.write(STOPPED_TASK, StoppedTask(state.connector, tuple(state.tasks), ""))
    trial.record.write(LARGE_ROWS, LargeRowsRecord(rows.events(), rows.rows()))
    assert failing(trial, TASK_OUTCOME, ROWS_WHOLE) == {"task outcome", "rows whole"}, described(
        trial
    )
