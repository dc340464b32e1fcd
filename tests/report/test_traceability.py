"""Every requirement is there once, with what proves it, and what is not met comes first."""

from __future__ import annotations

import dataclasses

from support.checks.judged import deviates, left_out
from support.report.requirements import AUTOMATED, COUNTED, REQUIREMENTS, RERUN
from support.report.shown import Shown
from support.report.traceability import traceability_report
from support.results.schema import RunResult, Verdict
from tests.report.runs import run_of
from tests.results.examples import RESTART, THROUGHPUT
from tests.test_features import tags_of_features

NOTHING_SHOWN = {RERUN: Shown(False, "no baseline"), AUTOMATED: Shown(False, "no run")}


def report(run: RunResult, shown: dict[str, Shown] | None = None) -> str:
    return traceability_report(run, {**NOTHING_SHOWN, **(shown or {})})


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|")][2:]


def row_of(text: str, requirement: str) -> str:
    (row,) = [row for row in rows(text) if f"| {requirement} |" in row]
    return row


def test_every_requirement_of_the_specification_is_traced_to_a_scenario() -> None:
    counts = {"US": 9, "EC": 4, "FR": 12, "SC": 8, "BENCH": 5, "DELIV": 5}
    for kind, count in counts.items():
        assert sum(each.startswith(kind) for each in REQUIREMENTS) == count
    assert set(REQUIREMENTS) - tags_of_features() == {RERUN, AUTOMATED}
    assert set(COUNTED) == set(REQUIREMENTS) - {RERUN, AUTOMATED}


def test_a_requirement_is_there_once_and_what_is_not_met_comes_first() -> None:
    passing = dataclasses.replace(THROUGHPUT, location="features/x.feature:7")
    failing = dataclasses.replace(RESTART, tags=("US2.1", "delivery"))
    skipped = dataclasses.replace(passing, tags=("EC-3",), verdict=Verdict.SKIPPED)
    text = report(run_of(passing, failing, dataclasses.replace(passing, name="again"), skipped))
    assert len(rows(text)) == len(REQUIREMENTS)
    assert rows(text)[-1].startswith("| ✔ PASS | US1.1 |")
    assert "<summary>2 scenarios</summary>" in rows(text)[-1]
    assert "✔ PASS again `features/x.feature:7`: 4 of 4 checks passed" in rows(text)[-1]
    assert row_of(text, "US2.1").startswith("| ✖ FAIL |")
    assert "<summary>1 scenario, 1 not passed</summary>✖ FAIL " in row_of(text, "US2.1")
    assert row_of(text, "EC-3").startswith("| – SKIPPED |")
    assert row_of(text, "EC-1").startswith("| – not in this run |")
    assert "1 of 44 requirements are met in this run. Not met: US2.1." in text
    assert "in part" not in text


def test_a_requirement_with_a_skipped_scenario_is_met_in_part() -> None:
    proven = dataclasses.replace(THROUGHPUT, tags=("EC-3",))
    reason = "There is no <Kafka UI>.\n  next: name one"
    skipped = dataclasses.replace(proven, verdict=Verdict.SKIPPED, reason=reason)
    text = report(run_of(proven, skipped))
    assert "Met in part: EC-3." in text
    row = row_of(text, "EC-3")
    assert row.startswith("| ✔ PASS, in part |")
    assert "A scenario or a check was skipped. <details>" in row
    assert "skipped: There is no &lt;Kafka UI>.<br>" in row


def test_a_requirement_whose_check_can_t_be_measured_here_is_met_in_part() -> None:
    lacking = left_out("resources measured", "samples", "", "no container is named")
    scenario = dataclasses.replace(
        THROUGHPUT,
        tags=("EC-3",),
        checks=(*THROUGHPUT.checks, lacking),
        promises=(*THROUGHPUT.promises, lacking.name),
    )
    text = report(run_of(scenario))
    assert "Met in part: EC-3." in text
    assert "resources measured (SKIPPED)" in text


def test_what_could_not_be_measured_is_not_decided() -> None:
    text = report(run_of(dataclasses.replace(THROUGHPUT, verdict=Verdict.INCONCLUSIVE)))
    assert "0 of 44 requirements are met in this run. Not decided: US1.1." in text
    assert "Not met" not in text


def test_deviations_and_parts_are_counted_apart() -> None:
    deviating = dataclasses.replace(THROUGHPUT, tags=("SC-002",), verdict=Verdict.DEVIATION)
    proven = dataclasses.replace(THROUGHPUT, tags=("EC-3",))
    skipped = dataclasses.replace(proven, verdict=Verdict.SKIPPED)
    text = report(run_of(THROUGHPUT, deviating, proven, skipped))
    counts = "1 of 44 requirements are met in this run, 1 more with a deviation, 1 more in part."
    assert counts in text


def test_what_the_run_itself_shows_counts_and_what_it_does_not_is_named() -> None:
    text = report(run_of(THROUGHPUT))
    assert "1 of 44 requirements are met in this run." in text
    assert "Not shown by this run: FR-011, SC-008." in text
    assert row_of(text, "FR-011").startswith("| – not shown | FR-011 |")
    assert row_of(text, "FR-011").endswith("| no baseline |")
    shown = {
        RERUN: Shown(True, "compared"),
        AUTOMATED: Shown(True, "one of two", in_part=True),
    }
    text = report(run_of(THROUGHPUT), shown)
    assert "2 of 44 requirements are met in this run, 1 more in part." in text
    assert row_of(text, "FR-011").startswith("| ✔ PASS | FR-011 |")
    assert row_of(text, "SC-008").startswith("| ✔ PASS, in part | SC-008 |")
    assert "Not shown" not in text


def test_checks_that_deviate_are_counted() -> None:
    late = deviates("start", 15, "s", "below 10 s", "SC-002 wants 10 s")
    scenario = dataclasses.replace(THROUGHPUT, checks=(*THROUGHPUT.checks, late))
    text = report(run_of(scenario))
    assert "4 of 5 checks passed, 1 deviates; not passed: start" in text
