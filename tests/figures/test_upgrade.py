"""Figures of a step of an upgrade."""

from __future__ import annotations

from pathlib import Path

from support.figures.upgrade import changed_defaults, upgrade_step
from support.record.faults import FAULTS, FaultsRecord, RecordedFault
from support.record.record import Record
from support.record.upgrade import UPGRADE, PartsSeen, UpgradeRecord
from support.results.upgrade import ChangedDefault

BEFORE = PartsSeen({"kafka": "3.6.1"}, {"broker": {"gone": "1", "same": "2", "threads": "1"}})
AFTER = PartsSeen({"kafka": "4.3.1"}, {"broker": {"new": "", "same": "2", "threads": "2"}})
S = 1_000_000_000


def test_defaults_that_changed_came_or_went() -> None:
    assert list(changed_defaults(BEFORE.defaults, AFTER.defaults)) == [
        ChangedDefault("broker", "gone", "1", None),
        ChangedDefault("broker", "new", None, ""),
        ChangedDefault("broker", "threads", "1", "2"),
    ]
    assert list(changed_defaults(BEFORE.defaults, {"connector": {}})) == []


def test_a_step_without_a_load_has_no_stalls(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert upgrade_step(record) is None
    fault = RecordedFault("restarted", 1 * S, ((2 * S, 3 * S),), 10 * S, ())
    record.write(FAULTS, FaultsRecord((fault,)))
    record.write(UPGRADE, UpgradeRecord("restarted", BEFORE, AFTER, {}, starts=True))
    step = upgrade_step(record)
    assert step is not None
    assert (step.producer_stall_s, step.consumer_stall_s, step.cdc_stall_s) == (None, None, None)
    assert step.startup_s == 7.0
    assert step.refused is None


def test_a_step_that_starts_nothing_has_no_start_up(tmp_path: Path) -> None:
    record = Record(tmp_path)
    fault = RecordedFault("finalised", 1 * S, ((2 * S, 3 * S),), 10 * S, ())
    record.write(FAULTS, FaultsRecord((fault,)))
    record.write(UPGRADE, UpgradeRecord("finalised", BEFORE, AFTER, {}, starts=False, refused=""))
    step = upgrade_step(record)
    assert step is not None
    assert (step.startup_s, step.refused) == (None, "")
