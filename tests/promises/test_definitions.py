"""The limit of a judged check, and its unit."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta
from pathlib import Path

from support.checks.delivery import check_delivery
from support.checks.judged import passed_if
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.delivery import applying
from support.promises.performance import ACHIEVED_RATE, BROKER_MEMORY, P95_LATENCY
from support.record.record import Record
from support.results.limit import Limit, Operator
from support.results.schema import Check
from tests.checks.legal import legal_history

TWO_GB = Limit(Operator.BELOW, 2000.0, "MB")
MEMORY = dataclasses.replace(
    passed_if(True, "broker memory", 500.0, "MB", "below 2 GB at any time"), limit=TWO_GB
)


def test_a_limit_that_never_changes_is_that_of_the_check(tmp_path: Path) -> None:
    definition = CheckDefinition(BROKER_MEMORY.words, lambda _: MEMORY)
    assert definition.judged(Record(tmp_path)).used == 0.25


def test_a_limit_of_the_scenario_is_in_the_unit_of_the_check(tmp_path: Path) -> None:
    def judge(_record: Record, limit: Limit) -> Check:
        return passed_if(limit.allows(25.0), "p95 latency", 25.0, "ms", str(limit))

    limited = LimitedCheck(P95_LATENCY.words, "ms", judge, own_name="p95 latency")
    check = limited.below(timedelta(seconds=0.1)).judged(Record(tmp_path))
    assert (check.objective, check.used) == ("below 100 ms", 0.25)


def test_a_tolerance_in_percent_is_no_limit_of_a_rate() -> None:
    limit = ACHIEVED_RATE.at_most(5).limit
    check = passed_if(True, "achieved rate", 1000.0, "records/s", "within 5 %")
    assert dataclasses.replace(check, limit=limit).used is None


def test_a_history_without_a_record_is_judged_by_the_same_checks() -> None:
    for groups in (0, 1, 2):
        given = legal_history(random.Random(1), groups)
        names = [check.name for check in check_delivery(given)]
        assert names == [definition.name for definition in applying(given)]
