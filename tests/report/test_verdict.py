"""The last screen of a run fits on a screen, and says what failed, why and where to look."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from support.checks.judged import deviates
from support.report.last_screen import LINES, last_screen
from support.report.verdict import ended_text, skipped_text
from support.results.schema import Check, RunResult, ScenarioResult, Verdict, verdict_of_run
from tests.report.runs import run_of
from tests.results.examples import RESTART, THROUGHPUT

EVIDENCE = ("lost ids: 4, 5", "lost ids: 6")
LOST = Check("lost", Verdict.FAIL, 2, "records", "0 absent", EVIDENCE)
CORRUPT = Check("corrupt", Verdict.FAIL, 1, "records", "0 corrupt")
FAILED = dataclasses.replace(
    RESTART,
    checks=(LOST, CORRUPT),
    promises=("lost", "corrupt"),
    location="features/delivery/x.feature:7",
)
SKIPPED = dataclasses.replace(
    RESTART,
    name="ui",
    verdict=Verdict.SKIPPED,
    reason="There is no Kafka UI.\n  wanted: one\n  next: -D kafka_ui_jar=PATH",
)
LATE = deviates("start-up time", 15.2, "s", "below 10 s", "SC-002 wants 10 s")
DEVIATING = dataclasses.replace(
    THROUGHPUT,
    name="crash",
    tags=("SC-002", "US1.2"),
    checks=(LATE,),
    promises=(LATE.name,),
    verdict=Verdict.DEVIATION,
)


def screen(*scenarios: ScenarioResult, folder: Path = Path(), width: int = 100) -> list[str]:
    verdict = verdict_of_run([s.verdict for s in scenarios])
    return last_screen(run_of(*scenarios, verdict=verdict), folder, width)


def test_it_says_what_failed_why_and_where(tmp_path: Path) -> None:
    for name in ("index.html", "run.json", "logs"):
        (tmp_path / name).touch()
    lines = screen(SKIPPED, FAILED, THROUGHPUT, DEVIATING, folder=tmp_path)
    assert lines[1].startswith("✖ FAIL  Kafka does not pass, 1 of 4 scenarios failed")
    counts = "4 scenarios: 1 failed, 1 passed, 1 with a deviation from the specification, "
    assert f"{counts}1 could not run here" in lines
    at = lines.index(f"✖ FAIL  {FAILED.name}")
    assert lines[at + 1 : at + 3] == [
        "    lost: 2 records; lost ids: 4, 5; wanted: 0 absent (and 1 more check)",
        "    features/delivery/x.feature:7",
    ]
    assert lines[at + 3 : at + 5] == [
        "⚠ DEVIATION  SC-002: start-up time 15.2 s, specified: below 10 s",
        "– SKIPPED  ui: There is no Kafka UI.; next: -D kafka_ui_jar=PATH",
    ]
    read = lines.index(next(line for line in lines if line.startswith("read ")))
    assert lines[read].endswith("/index.html")
    assert lines[read + 1] == "  next to it: run.json, logs"


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("failed", [0, 1, 5, 60])
def test_it_fits_on_a_screen(failed: int, width: int) -> None:
    trouble = dataclasses.replace(
        RESTART, verdict=Verdict.INCONCLUSIVE, reason="x" * 500, checks=()
    )
    scenarios = [FAILED] * failed + [trouble] * failed + [SKIPPED] * 18
    run: RunResult = run_of(*scenarios, trouble="worse than the accepted baseline: " + "y " * 300)
    lines = last_screen(run, Path(), width)
    assert len(lines) <= LINES < 20
    assert max(map(len, lines)) <= width
    more = [line for line in lines if line.startswith("... and ")]
    assert len(more) == 1
    shown = sum(line.startswith(("✖", "?", "⚠", "–")) for line in lines[2:])
    assert f"... and {len(scenarios) - shown} more in index.html" in more


def test_the_same_deviation_is_shown_once() -> None:
    lines = screen(DEVIATING, dataclasses.replace(DEVIATING, name="another"))
    assert sum(line.startswith("⚠") for line in lines) == 1


def test_an_error_outside_the_checks_is_shown_with_the_next_command() -> None:
    reason = "The broker has ended.\n  seen: nothing\n  next: read its log"
    scenario = dataclasses.replace(
        RESTART, verdict=Verdict.INCONCLUSIVE, reason=reason, checks=(), promises=()
    )
    assert "    The broker has ended.; next: read its log" in screen(scenario)


def test_a_run_in_which_nothing_ran_says_so() -> None:
    assert any("no scenario was run; check --tags" in line for line in screen(SKIPPED))
    assert not any("no scenario was run" in line for line in screen(THROUGHPUT))


def test_a_green_run_is_short() -> None:
    assert len(screen(THROUGHPUT)) <= 7


def test_a_scenario_that_ended_has_its_verdict_and_reason() -> None:
    doubtful = dataclasses.replace(RESTART, verdict=Verdict.INCONCLUSIVE, reason="a\n  b")
    assert ended_text(doubtful) == f"? INCONCLUSIVE ({RESTART.duration_s:.1f} s)\n    a\n      b"
    assert ended_text(FAILED) == f"✖ FAIL ({RESTART.duration_s:.1f} s)"
    assert skipped_text("There is none.\n  next: x") == (
        "– SKIPPED\n    There is none.\n      next: x"
    )
