"""Changes that stay away: what is recorded of the help that they were given."""

from __future__ import annotations

import io
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support.clock import NS_PER_S
from support.errors import Inconclusive
from support.experiment import cdc_changes
from support.experiment.cdc_changes import CdcChanges
from support.faults.capture_restart import CaptureRestart, How
from support.faults.disk_full import HALTED, DiskFull
from support.faults.timeline import FaultTimeline
from support.progress import Progress
from support.promises.verdicts import Verdicts
from support.record.capture import COMMITTED_OFFSET, RETURN, CommittedOffset
from support.record.disk import DISK
from support.record.faults import FAULTS
from support.record.record import Record
from support.record.slots import SLOT_WHILE_BROKEN, Slot
from support.results.schema import Check, Verdict

MINUTE = timedelta(seconds=60)
DISK_FULL = DiskFull(False, MINUTE)
RESTART = CaptureRestart(How.WORKER_CRASH, MINUTE)


class Experiment:
    """Records and judges below a folder."""

    def __init__(self, folder: Path) -> None:
        self.progress = Progress(io.StringIO())
        self.settings = SimpleNamespace(patience=1, seed=1)
        worker = {"offset.flush.interval.ms": "5000"}
        self.stack = SimpleNamespace(baseline=SimpleNamespace(worker=worker))
        self.broker = SimpleNamespace(brokers=lambda: [1])
        self.record = Record(folder)
        self.verdicts = Verdicts(self.record)
        self.require = self.verdicts.require

    def scaled(self, _count: float, least: int) -> int:
        return least


class Capture:
    """A capture of which each wait for new changes ends as told, with so many events stored."""

    def __init__(self, looks: list[tuple[bool, str]], stored: int = 0) -> None:
        self._looks = iter(looks)
        connector = SimpleNamespace(committed_offset=lambda _: CommittedOffset(7, "", 5000))
        slot = Slot(None, 1, 2, 3)
        self.pipeline = SimpleNamespace(
            connector=connector, slot=lambda: slot, stored=lambda: stored
        )
        self.writer = SimpleNamespace(ended=False, write_at_once=lambda *_: None)
        self.arriving = SimpleNamespace(await_new=lambda *_: next(self._looks))

    def write_for(self, _seconds: float) -> None:
        pass

    def await_stored(self, _count: int, _what: str) -> None:
        pass


@pytest.fixture
def restarts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An entry for each restart of the worker; the fault is healed at 3 s."""
    found: list[int] = []
    monkeypatch.setattr(cdc_changes, "must_write", lambda *_: None)
    monkeypatch.setattr(cdc_changes, "restart_worker", lambda *_: found.append(1))
    timeline = FaultTimeline("crash", NS_PER_S, [(NS_PER_S, 2 * NS_PER_S)], 3 * NS_PER_S, [HALTED])
    monkeypatch.setattr(cdc_changes, "broken_by", lambda *_: nullcontext(timeline))
    return found


def changes(folder: Path, capture: Capture, free_bytes: int | None = None) -> Any:
    made: Any = CdcChanges.__new__(CdcChanges)
    made._experiment, made.capture = Experiment(folder), capture
    if free_bytes is not None:
        disk = SimpleNamespace(free_bytes=lambda: free_bytes)
        stack = made._experiment.stack
        stack.broker, stack.disk = lambda: None, lambda: disk
    return made


def judged(cdc: Any) -> dict[str, Check]:
    return {check.name: check for check in cdc._experiment.verdicts.checks}


def test_a_worker_that_the_suite_restarted_did_not_come_back_without_help(
    tmp_path: Path, restarts: list[int]
) -> None:
    cdc = changes(tmp_path, Capture([(False, ""), (True, "")]))
    cdc.run_through(RESTART, rescue=MINUTE)
    check = judged(cdc)["back without help"]
    assert (check.verdict, check.measured, len(restarts)) == (Verdict.DEVIATION, 1, 1)
    assert "the worker was restarted after" in check.evidence[0]
    seen = Record(tmp_path)[RETURN]
    assert seen.rescued_after_s is not None
    assert seen.hopeless == ""


@pytest.mark.parametrize(("rescue", "look"), [(MINUTE, (True, "")), (None, (False, "it is lost"))])
def test_a_worker_is_restarted_only_where_changes_stay_away_and_the_scenario_says_so(
    tmp_path: Path, restarts: list[int], rescue: timedelta | None, look: tuple[bool, str]
) -> None:
    cdc = changes(tmp_path, Capture([look]))
    cdc.run_through(RESTART, rescue=rescue)
    assert (judged(cdc)["back without help"].verdict, restarts) == (Verdict.PASS, [])
    seen = Record(tmp_path)[RETURN]
    assert (seen.rescued_after_s, seen.hopeless) == (None, look[1])


def test_a_fault_is_recorded_with_the_slot_and_the_committed_offset(
    tmp_path: Path, restarts: list[int]
) -> None:
    changes(tmp_path, Capture([(True, "")])).run_through(RESTART)
    record = Record(tmp_path)
    assert record[FAULTS].first.healed_ns == 3 * NS_PER_S
    assert record[SLOT_WHILE_BROKEN] == Slot(None, 1, 2, 3)
    assert record[COMMITTED_OFFSET].lsn == 7
    assert record[RETURN].least_outage_s == 0
    assert not record.has(DISK)
    assert restarts == []


@pytest.mark.parametrize(
    ("free_bytes", "verdict"), [(0, Verdict.DEVIATION), (5_000_000, Verdict.INCONCLUSIVE)]
)
def test_a_full_disk_is_recorded_with_the_room_that_was_left(
    tmp_path: Path, restarts: list[int], free_bytes: int, verdict: Verdict
) -> None:
    cdc = changes(tmp_path, Capture([(True, "")]), free_bytes)
    cdc.run_through(DISK_FULL)
    record = Record(tmp_path)
    assert (record[DISK].free_bytes, record[DISK].halted, record[DISK].resumed) == (
        free_bytes,
        True,
        False,
    )
    assert record[RETURN].least_outage_s == 1
    assert not record.has(COMMITTED_OFFSET)
    assert judged(cdc)["resumes after space is freed"].verdict is verdict
    assert restarts == []


def test_a_restart_after_the_last_event_is_not_in_the_middle(
    tmp_path: Path, restarts: list[int]
) -> None:
    cdc = changes(tmp_path, Capture([], stored=9 + 500))
    cdc.restart_in_the_middle("one COPY", RESTART)
    assert "500 of 20000 events were stored then" in Record(tmp_path)[FAULTS].first.proofs
    late = changes(tmp_path, Capture([], stored=9 + 20_000))
    with pytest.raises(Inconclusive, match="stored before the restart"):
        late.restart_in_the_middle("one COPY", RESTART)
    assert restarts == []
