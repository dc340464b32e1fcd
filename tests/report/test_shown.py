"""The run itself shows FR-011 and SC-008, and says so honestly where it does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest

from support.report.accepted import accepted_of
from support.report.requirements import AUTOMATED, RERUN
from support.report.shown import Beside, Shown, runs_of_commands, shown_by
from support.results.schema import RunResult, ScenarioResult, Verdict
from support.results.store import ResultsStore
from tests.report.runs import run_of
from tests.results.examples import RESTART, RUN, THROUGHPUT

GREEN = run_of(THROUGHPUT, verdict=Verdict.PASS)
PERFORMANCE, DELIVERY = "make test-kafka-performance", "make test-kafka-delivery"
RAN = {PERFORMANCE: ("--tags @performance",), DELIVERY: ("--tags @delivery",), "make validate": ()}
CHANGES = dataclasses.replace(RESTART, verdict=Verdict.PASS)


def started(command: str, number: int, *scenarios: ScenarioResult, **changes: object) -> RunResult:
    """Returns a green run that the command started; the runs are in the order of their numbers."""
    about = dataclasses.replace(
        RUN.provenance, started_by=command, selection=RAN.get(command, ("--tags @smoke",))
    )
    made = dataclasses.replace(
        run_of(*scenarios or (THROUGHPUT,), verdict=Verdict.PASS),
        run_id=str(number),
        started=f"2026-11-0{number}T12:00:00+00:00",
        provenance=about,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def automated(folder: Path, *runs: RunResult) -> Shown:
    """Returns what the last of the runs shows, next to the others."""
    for run in runs:
        ResultsStore(folder / run.run_id).write_run(run)
    found = runs_of_commands(folder / runs[-1].run_id, runs[-1])
    return shown_by(runs[-1], Beside(folder / "none", found))[AUTOMATED]


def compared(run: RunResult, path: Path) -> Shown:
    return shown_by(run, Beside(path))[RERUN]


def test_a_comparison_with_the_accepted_run_shows_that_tests_can_be_run_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "figures.json"
    path.write_bytes(msgspec.json.encode(accepted_of(GREEN)))
    shown = compared(GREEN, path)
    assert shown.met and not shown.in_part
    assert shown.remark.startswith(f"Compared with the accepted run {GREEN.run_id}: ")
    assert "0 ✖ worse" in shown.remark
    other = compared(run_of(), path)
    assert not other.met and other.remark.startswith("No figure of this run is in the accepted")
    other = compared(dataclasses.replace(GREEN, target="attach"), path)
    assert not other.met and "not one of target attach" in other.remark


@pytest.mark.parametrize(
    ("scale", "content", "remark"),
    [
        (1.0, None, "There is no accepted baseline to compare with; make accept-baseline"),
        (0.05, "{}", "A run at scale 0.05 is not compared"),
        (1.0, "{}", "can't be read"),
    ],
)
def test_without_an_accepted_baseline_the_reason_is_stated(
    scale: float, content: str | None, remark: str, tmp_path: Path
) -> None:
    path = tmp_path / "figures.json"
    if content is not None:
        path.write_text(content)
    shown = compared(dataclasses.replace(GREEN, scale=scale), path)
    assert not shown.met
    assert remark in shown.remark


def test_both_commands_with_their_results_show_automation(tmp_path: Path) -> None:
    failed = started(PERFORMANCE, 2, verdict=Verdict.FAIL)
    shown = automated(tmp_path, started(PERFORMANCE, 1), failed, started(DELIVERY, 3, CHANGES))
    assert shown.met and not shown.in_part
    assert f"`{PERFORMANCE}`: ✖ FAIL, 1 scenario (run `2`)." in shown.remark
    assert f"`{DELIVERY}`: ✔ PASS, 1 scenario (run `3`)." in shown.remark


def test_make_validate_shows_it_in_part(tmp_path: Path) -> None:
    shown = automated(tmp_path, started("make validate", 1, THROUGHPUT, CHANGES))
    assert shown.met and shown.in_part
    assert "`make validate`: ✔ PASS, 2 scenarios (run `1`), which include" in shown.remark
    assert f"Not recorded in this folder: {PERFORMANCE}, {DELIVERY}." in shown.remark


def test_a_part_of_the_scenarios_or_a_run_that_was_cut_off_shows_nothing(tmp_path: Path) -> None:
    about = dataclasses.replace(
        RUN.provenance, started_by=PERFORMANCE, selection=("--tags @performance", "--name a")
    )
    runs = [
        dataclasses.replace(GREEN, run_id="1", started="2026-11-01", provenance=about),
        started(DELIVERY, 2, trouble="the run was interrupted"),
        started("make smoke", 3),
        started("make validate", 4, THROUGHPUT),
    ]
    shown = automated(tmp_path, *runs)
    assert not shown.met
    assert shown.remark == f"Not recorded in this folder: {PERFORMANCE}, {DELIVERY}."


def test_later_runs_do_not_count(tmp_path: Path) -> None:
    ResultsStore(tmp_path / "9").write_run(started(DELIVERY, 9))
    (tmp_path / "latest").symlink_to("9")
    run = started(PERFORMANCE, 5)
    assert set(runs_of_commands(tmp_path / "5", run)) == {PERFORMANCE}
