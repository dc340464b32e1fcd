"""What a connector, a database, a mirror and an operator can do to change data capture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import requests

from support import clock
from support.checks.cdc_recovery import resent_bound, resent_from_commit
from support.checks.cdc_snapshot import logged_errors
from support.checks.sizes import rows_whole, task_fate
from support.clients.logfile import logged_since
from support.faults.capture_restart import Capture, CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.trials.cdc_settling import image_of, judge_events
from support.trials.cdc_trial import CdcTrial
from support.trials.large_row_trial import LargeRowTrial
from support.trials.pipeline import Pipeline
from support.trials.snapshot_trial import SnapshotTrial
from support.trials.trial import Trial
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


@sees_red("CDC changes missing", "CDC tombstones", "CDC image", "CDC rolled back visible")
def test_a_connector_that_leaves_out_and_a_writer_that_nobody_knows(
    stack: SabotagedStack, trial: Trial
) -> None:
    tables = {"table.include.list": "public.videos,public.users"}
    stack.configure(connector={**unwanted("RecordIsTombstone"), **tables})
    cdc = CdcTrial(trial)
    cdc.start_changes()
    schema = cdc._pipeline.name
    cdc._pipeline.database.execute(f"UPDATE {schema}.users SET name = 'x' WHERE id = 1")
    found = {"CDC changes missing", "CDC tombstones", "CDC image", "CDC rolled back visible"}
    assert changed(cdc) >= found, told(trial)


@sees_red("task state", "CDC caught up", "CDC changes missing", "logged errors")
def test_a_task_that_fails_under_a_running_connector(stack: SabotagedStack, trial: Trial) -> None:
    stack.configure(connector=SMALL_REQUESTS)
    log = stack.logs()["connect"]
    size = log.stat().st_size
    cdc = CdcTrial(trial)
    cdc.start_changes()
    found = {"task state", "CDC caught up", "CDC changes missing"}
    assert changed(cdc) >= found, told(trial)
    assert red([logged_errors({"connect": logged_since(log, size)})]) == {"logged errors"}


def done(method: str, url: str) -> bool:
    """Whether Connect does what it is asked for."""
    return requests.request(method, url, timeout=30).ok


class OffsetsRemoved(CaptureRestart):
    """While the worker is away from the connector, somebody removes its source offsets."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        url = f"{capture._trial.stack.endpoints.connect_url}/connectors/{capture.name}"
        with super().injected(capture) as timeline:
            for method, what in (("PUT", "stop"), ("DELETE", "offsets"), ("PUT", "resume")):
                asked = partial(done, method, f"{url}/{what}")
                wait_until(asked, bool, SOON, f"{what} of the connector")
            yield timeline


@sees_red("snapshot repeated", "CDC recovery time")
def test_a_connector_whose_offsets_somebody_removed(trial: Trial) -> None:
    cdc = CdcTrial(trial)
    cdc.start_changes()
    cdc.run_through(OffsetsRemoved(How.CONNECTOR, SOON))
    cdc.settle()
    cdc.judge_recovery(timedelta(milliseconds=1))
    assert {"snapshot repeated", "CDC recovery time"} <= red(judged(trial)), told(trial)


@sees_red(
    "CDC order", "CDC before", "legal envelopes", "CDC changes missing", "resent from the commit",
    "resent bound",
)  # fmt: skip
def test_a_mirror_that_does_not_copy_faithfully(trial: Trial) -> None:
    cdc = CdcTrial(trial)
    cdc.start_changes()
    assert changed(cdc) == set(), told(trial)
    mirror, written, image = Mirror(cdc), cdc._writer.written, image_of(cdc._pipeline)

    judge_events(trial, mirror.copies(with_one_swapped), written, image)
    assert {"CDC order", "CDC before"} <= red(judged(trial)), told(trial)

    judge_events(trial, mirror.copies(lambda all_: [each.cut() for each in all_]), written, image)
    assert {"legal envelopes", "CDC changes missing"} <= red(judged(trial)), told(trial)

    log, committed = mirror.copies(lambda all_: [*all_, *all_]), cdc._pipeline.committed_lsn()
    began_ms = clock.utc_now().timestamp() * 1000
    checks = resent_from_commit(log, committed), resent_bound(log, began_ms, 0)
    assert red(checks) == {"resent from the commit", "resent bound"}, checks


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
        task_fate(state.connector, state.tasks, ""), rows_whole(rows._events(), rows._rows()),
    )  # fmt: skip
    assert red(checks) == {"task fate", "rows whole"}, checks
