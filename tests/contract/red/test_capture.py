"""What a connector, a database, a mirror and an operator can do to change data capture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests

from support import clock
from support.checks.cdc_recovery import cdc_recovery, resent_bound, resent_from_commit
from support.checks.cdc_settled import replication_slot
from support.checks.cdc_snapshot import logged_errors
from support.checks.sizes import rows_whole, task_fate
from support.clients.slot import drop_slot, read_slot
from support.experiment import cdc_trial
from support.experiment.cdc_settling import judge_events
from support.experiment.cdc_trial import CdcTrial
from support.experiment.experiment import Trial
from support.experiment.large_row_trial import LargeRowTrial
from support.experiment.pipeline import Pipeline
from support.experiment.snapshot_trial import SnapshotTrial
from support.faults.capture_restart import Capture, CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.metrics.part_logs import PartLogs
from support.stack.ports import PartControl
from support.waiting import wait_until
from tests.contract.red.mirror import Copied, Mirror
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.verdicts import judged, red, told
from tests.contract.seen_red import sees_red
from tests.contract.test_cdc import SMALL_REQUESTS, unwanted

SOME = timedelta(seconds=3)
SOON = timedelta(seconds=20)
ROWS = 500


def changed(cdc: CdcTrial) -> set[str]:
    """What is red after some changes."""
    cdc.run_calmly(SOME)
    cdc.settle()
    return red(judged(cdc._trial))


@sees_red(
    "CDC changes missing",
    "CDC tombstones",
    "CDC image",
    "CDC rolled back visible",
    "statements accepted",
)
def test_a_connector_that_leaves_out_and_a_writer_that_nobody_knows(
    stack: SabotagedStack, trial: Trial
) -> None:
    tables = {"table.include.list": "public.videos,public.users"}
    stack.configure(connector={**unwanted("RecordIsTombstone"), **tables})
    cdc = CdcTrial(trial)
    cdc.start_changes()
    schema = cdc._pipeline.name
    cdc._pipeline.database.execute(f"UPDATE {schema}.users SET name = 'x' WHERE id = 1")
    cdc.run_calmly(SOME)
    cdc._pipeline.database.execute(f"ALTER TABLE {schema}.users REPLICA IDENTITY NOTHING")
    found = {
        "CDC changes missing",
        "CDC tombstones",
        "CDC image",
        "CDC rolled back visible",
        "statements accepted",
    }
    assert changed(cdc) >= found, told(trial)


@sees_red("task state", "CDC caught up", "CDC changes missing", "logged errors")
def test_a_task_that_fails_under_a_running_connector(stack: SabotagedStack, trial: Trial) -> None:
    stack.configure(connector=SMALL_REQUESTS)
    logs = PartLogs(stack.logs, ("connect",))
    cdc = CdcTrial(trial)
    cdc.start_changes()
    found = {"task state", "CDC caught up", "CDC changes missing"}
    assert changed(cdc) >= found, told(trial)
    assert red([logged_errors(logs.read())]) == {"logged errors"}


def ask(pipeline: Pipeline, method: str, what: str) -> None:
    """Until Connect does it with the pipeline's connector."""
    url = f"{pipeline._trial.stack.endpoints.connect_url}/connectors/{pipeline.name}/{what}"
    wait_until(
        lambda: requests.request(method, url, timeout=30).ok, bool, SOON, f"{what} of the connector"
    )


class OffsetsRemoved(CaptureRestart):
    """While the connector is away, somebody removes its source offsets."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        with super().injected(capture) as timeline:
            ask(capture, "PUT", "stop")
            ask(capture, "DELETE", "offsets")
            ask(capture, "PUT", "resume")
            yield timeline


@sees_red("snapshot repeated")
def test_a_connector_whose_offsets_somebody_removed(trial: Trial) -> None:
    cdc = CdcTrial(trial)
    cdc.start_changes()
    cdc.run_through(OffsetsRemoved(How.CONNECTOR, SOON))
    cdc.settle()
    assert red(judged(trial)) >= {"snapshot repeated"}, told(trial)


class Silenced(CaptureRestart):
    """While the connector is away, somebody has it drop every event."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        with super().injected(capture) as timeline:
            capture.change(unwanted("TopicNameMatches", pattern=".*"))
            yield timeline


@sees_red("CDC recovery time", "replication slot")
def test_a_connector_that_was_silenced_and_a_slot_that_was_dropped(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cdc_trial, "AGAIN", SOON)
    cdc = CdcTrial(trial)
    cdc.start_changes()
    cdc.run_through(Silenced(How.CONNECTOR, SOON))
    fault, arriving, pipeline = cdc._fault, cdc._arrived(), cdc._pipeline
    assert fault is not None
    arriving.end()
    first_ns = arriving.first_new_ns(fault)
    trial.judge(
        cdc_recovery(
            fault.heal_began_ns, fault.healed_ns, first_ns, 0.001, until_ns=arriving.until_ns
        )
    )
    ask(pipeline, "PUT", "stop")
    drop_slot(pipeline.database, pipeline.name, SOON)
    slot = read_slot(pipeline.database, pipeline.name)
    trial.judge(replication_slot(pipeline.name, slot, cdc._began_lsn, 0.0, 0.0))
    assert red(judged(trial)) >= {"CDC recovery time", "replication slot"}, told(trial)


class EndedAgain(CaptureRestart):
    """The worker ends once more, just after it was started."""

    def _start_again(self, part: PartControl | None, *, broken: bool) -> None:
        super()._start_again(part, broken=broken)
        assert part is not None
        part.kill()


@sees_red("back without help")
def test_a_worker_that_ends_again(trial: Trial) -> None:
    cdc = CdcTrial(trial)
    cdc.start_capture()
    cdc._go_through(EndedAgain(How.WORKER_CRASH, timedelta(seconds=60)))
    assert red(judged(trial)) == {"back without help"}, told(trial)


@sees_red(
    "CDC order",
    "CDC before",
    "legal envelopes",
    "CDC changes missing",
    "resent from the commit",
    "resent bound",
)
def test_a_mirror_that_does_not_copy_faithfully(trial: Trial) -> None:
    cdc = CdcTrial(trial)
    cdc.start_changes()
    assert changed(cdc) == set(), told(trial)
    mirror, pipeline, written = Mirror(cdc), cdc._pipeline, cdc._writer.written

    judge_events(trial, pipeline, mirror.copies(with_one_swapped), written, None)
    assert red(judged(trial)) >= {"CDC order", "CDC before"}, told(trial)

    judge_events(trial, pipeline, mirror.copies(all_cut), written, None)
    assert red(judged(trial)) >= {"legal envelopes", "CDC changes missing"}, told(trial)

    log, committed = mirror.copies(all_twice), pipeline.committed_lsn()
    arriving = cdc._arrived()
    arrived = [each.lsn for each in arriving.arrivals.streamed_since(0)]
    checks = (
        resent_from_commit(log, committed, arrived),
        resent_bound(log, clock.now_ns(), arriving.clocks, 0),
    )
    assert red(checks) == {"resent from the commit", "resent bound"}, checks


def all_cut(records: list[Copied]) -> list[Copied]:
    return [record.cut() for record in records]


def all_twice(records: list[Copied]) -> list[Copied]:
    return [*records, *records]


def with_one_swapped(records: list[Copied]) -> list[Copied]:
    """The first two updates of a row change places."""
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
def test_rows_that_somebody_changes_behind_the_snapshot(trial: Trial) -> None:
    snapshot = SnapshotTrial(trial)
    snapshot.fill(ROWS)
    snapshot.take()
    pipeline = snapshot._pipeline
    pipeline.database.execute(f"UPDATE {pipeline.name}.users SET name = 'x' WHERE id = 1")
    wait_until(pipeline.stored, lambda seen: seen > ROWS, SOON, "the event of the change")
    snapshot.judge_rows()
    assert red(judged(trial)) >= {"snapshot rows", "legal envelopes"}, told(trial)


@sees_red("task fate", "rows whole")
def test_a_connector_that_drops_what_is_too_large(stack: SabotagedStack, trial: Trial) -> None:
    stack.configure(connector={**SMALL_REQUESTS, "errors.tolerance": "all"})
    rows = LargeRowTrial(trial)
    rows.start()
    rows._next_id += 1
    rows._pipeline.database.execute(
        f"INSERT INTO {rows._pipeline.name}.comments (id, video_id, user_id, body) "
        f"VALUES ({rows._next_id}, 1, 1, repeat('x', 20000)), ({rows._next_id + 1}, 1, 1, 'small')"
    )
    stored = rows._stored
    wait_until(rows._pipeline.stored, lambda seen: seen > stored, SOON, "the small row's event")
    state = rows._pipeline.state()
    checks = (
        task_fate(state.connector, state.tasks, ""),
        rows_whole(rows._events(), rows._rows()),
    )
    assert red(checks) == {"task fate", "rows whole"}, checks
