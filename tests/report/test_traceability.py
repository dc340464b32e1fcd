"""Every requirement is traced to scenarios, and what is not met comes first."""

from __future__ import annotations

import dataclasses

from support.checks.judged import deviates, left_out
from support.report.requirements import BY_COMMANDS, REQUIREMENTS
from support.report.traceability import traceability_report
from support.results.schema import Verdict
from tests.report.runs import run_of
from tests.results.examples import RESTART, THROUGHPUT
from tests.test_features import tags_of_features

WITHOUT_A_SCENARIO = {"FR-011", "SC-008"}
"""Proven by the project's own tests: other settings, and the two commands."""


def test_every_requirement_of_the_specification_is_traced_to_a_scenario() -> None:
    counts = {"US": 9, "EC": 4, "FR": 12, "SC": 8, "BENCH": 5, "DELIV": 5}
    for kind, count in counts.items():
        assert sum(each.startswith(kind) for each in REQUIREMENTS) == count
    assert set(REQUIREMENTS) - tags_of_features() == WITHOUT_A_SCENARIO


def test_what_is_not_met_comes_first() -> None:
    passing = dataclasses.replace(THROUGHPUT, location="features/x.feature:7")
    failing = dataclasses.replace(RESTART, tags=("US2.1", "delivery"))
    left_out = dataclasses.replace(passing, tags=("EC-3",), verdict=Verdict.SKIPPED)
    rows = [
        line
        for line in traceability_report(run_of(passing, failing, left_out)).splitlines()
        if line.startswith("|")
    ][2:]
    last = rows[-1 - len(BY_COMMANDS)]
    assert last.startswith("| ✔ PASS | US1.1 |")
    assert "`features/x.feature:7`" in last
    assert any(row.startswith("| ✖ FAIL | US2.1 |") for row in rows)
    assert any(row.startswith("| – SKIPPED | EC-3 |") for row in rows)
    text = traceability_report(run_of(passing, failing, left_out))
    assert "1 of 42 requirements are met in this run. Not met: US2.1." in text
    assert "in part" not in text


def test_a_requirement_with_a_skipped_scenario_is_met_in_part() -> None:
    proven = dataclasses.replace(THROUGHPUT, tags=("EC-3",))
    reason = "There is no Kafka UI.\n  next: name one"
    skipped = dataclasses.replace(proven, verdict=Verdict.SKIPPED, reason=reason)
    text = traceability_report(run_of(proven, skipped))
    met = "Met in part, because a scenario or a check was skipped: EC-3."
    assert met in text
    assert "| skipped: There is no Kafka UI. |" in text


def test_a_requirement_whose_check_can_t_be_measured_here_is_met_in_part() -> None:
    lacking = left_out("resources measured", "samples", "", "no container is named")
    scenario = dataclasses.replace(
        THROUGHPUT,
        tags=("EC-3",),
        checks=(*THROUGHPUT.checks, lacking),
        promises=(*THROUGHPUT.promises, lacking.name),
    )
    text = traceability_report(run_of(scenario))
    assert "Met in part, because a scenario or a check was skipped: EC-3." in text
    assert "resources measured (SKIPPED)" in text


def test_what_could_not_be_measured_is_not_decided() -> None:
    doubtful = dataclasses.replace(THROUGHPUT, verdict=Verdict.INCONCLUSIVE)
    text = traceability_report(run_of(doubtful))
    assert "0 of 42 requirements are met in this run. Not decided: US1.1." in text
    assert "Not met" not in text


def test_deviations_and_parts_are_counted_apart() -> None:
    deviating = dataclasses.replace(THROUGHPUT, tags=("SC-002",), verdict=Verdict.DEVIATION)
    proven = dataclasses.replace(THROUGHPUT, tags=("EC-3",))
    skipped = dataclasses.replace(proven, verdict=Verdict.SKIPPED)
    text = traceability_report(run_of(THROUGHPUT, deviating, proven, skipped))
    counts = "1 of 42 requirements are met in this run, 1 more with a deviation, 1 more in part."
    assert counts in text


def test_what_commands_show_is_not_counted() -> None:
    assert set(BY_COMMANDS) == WITHOUT_A_SCENARIO
    text = traceability_report(run_of(THROUGHPUT))
    assert "show them: FR-011, SC-008." in text
    assert text.rstrip().splitlines()[-1].startswith("| – shown by commands | SC-008 |")


def test_checks_that_deviate_are_counted() -> None:
    late = deviates("start", 15, "s", "below 10 s", "SC-002 wants 10 s")
    scenario = dataclasses.replace(THROUGHPUT, checks=(*THROUGHPUT.checks, late))
    assert "4 of 5 checks passed, 1 deviates; not passed: start" in traceability_report(
        run_of(scenario)
    )
