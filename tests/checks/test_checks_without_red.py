"""Checks that can't fail are INCONCLUSIVE, and never green, when nothing could be measured."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from support.checks.agreement import agreement, agreement_on_reading
from support.checks.audit import audit_coverage
from support.checks.backpressure import backpressure_measured
from support.checks.cdc_changes import duplicates
from support.checks.cdc_image import schema_changes
from support.checks.cdc_recovery import cdc_fault_effect
from support.checks.cdc_settled import slot_confirmed
from support.checks.cdc_snapshot import changed_meanwhile
from support.checks.completion import completion_time
from support.checks.controller import controller_effect, decisions_again
from support.checks.delivery import count_delivery
from support.checks.disk_full import resumes_without_restart
from support.checks.lag import lag_reached
from support.checks.log_duplicate import log_duplicate
from support.checks.recovery import fault_effect, recovery_time
from support.checks.redelivery import redelivery
from support.checks.resources import jmx_measured, resources_measured
from support.checks.startup import startup_spread
from support.checks.upgraded import stall_during, version_after, way_back
from support.promises.registry import ENTRIES
from support.record.audit import AuditRecord
from support.record.changes import WrittenChanges
from support.record.events import EventLog
from support.record.tables import Tables
from support.results.cross_check import (
    LatencyCrossCheck,
    ReadingCrossCheck,
    ToolLatency,
    ToolReading,
)
from support.results.load import Backpressure, Load
from support.results.schema import Check, Verdict
from tests.checks.histories import history, log_of

STAMPS = np.array([1, 2], np.int64)
NO_EVENTS = EventLog((), (), complete=True)
UNREAD = EventLog((), (), complete=False)
HALF_READ = history("aa", log_of(0, 1), complete=False)
NO_GROUP = history("aa", log_of(0, 1))
ALL_BUT_ONE = history("ar", log_of(0))
NO_BURST = Backpressure(0, 0, 0, None, None, None)
LOAD = Load(100.0, 100.0, 2, 1.0, 2000, 1000.0, 1000, 1000, 1.0, 0.0, (), 0, 0.1)
SLOW = ToolLatency("ours", 10, 1.0, None, None, None, None, None)
NOTHING_READ = ToolReading("ours", 0, 0, 0.0)

UNMEASURED: dict[str, Callable[[], Check]] = {
    "log duplicates": lambda: log_duplicate(HALF_READ),
    "redelivered": lambda: redelivery(NO_GROUP),
    "fault effect": lambda: fault_effect(STAMPS, STAMPS, ()),
    "recovery time": lambda: recovery_time("recovery time", None, False),
    "consumer recovery time": lambda: recovery_time("consumer recovery time", None, False),
    "audit coverage": lambda: audit_coverage(AuditRecord((), 1.0, 0)),
    "CDC duplicates": lambda: duplicates(NO_EVENTS, WrittenChanges()),
    "CDC schema changes": lambda: schema_changes(UNREAD, Tables({}, {}, {})),
    "slot confirmed": lambda: slot_confirmed(None, 12.0, 0),
    "CDC fault effect": lambda: cdc_fault_effect(None, 5.0),
    "changed meanwhile": lambda: changed_meanwhile((), ()),
    "completion time": lambda: completion_time(LOAD, count_delivery(ALL_BUT_ONE)),
    "backpressure measured": lambda: backpressure_measured(NO_BURST, None),
    "resources measured": lambda: resources_measured({}, 1, None),
    "JMX measured": lambda: jmx_measured(None, 1, None),
    "latency cross-check": lambda: agreement(LatencyCrossCheck(SLOW, SLOW, SLOW), 100, 100.0),
    "reading cross-check": lambda: agreement_on_reading(
        ReadingCrossCheck(NOTHING_READ, NOTHING_READ, NOTHING_READ), 0
    ),
    "start-up spread": lambda: startup_spread([1.0, 2.0], ""),
    "resumes after space is freed": lambda: resumes_without_restart(False, False, True),
    "controller effect": lambda: controller_effect([]),
    "controller recovery time": lambda: decisions_again(5, 9, "no topic was created"),
    "lag reached": lambda: lag_reached([], 100),
    "version after the step": lambda: version_after({"kafka": ""}, {"kafka": "4.3.1"}),
    "stall during the step": lambda: stall_during([None, None]),
    "way back": lambda: way_back(None),
}


def test_these_are_all_checks_that_can_t_fail() -> None:
    assert set(UNMEASURED) == {entry.name for entry in ENTRIES if not entry.can_fail}


@pytest.mark.parametrize("name", UNMEASURED)
def test_a_check_that_can_t_fail_is_inconclusive_without_a_measurement(name: str) -> None:
    check = UNMEASURED[name]()
    assert check.name == name
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.measured is None
    assert check.evidence != ("",)
