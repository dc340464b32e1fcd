"""The history shows runs of the same kind, oldest first."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from support.report.history import earlier_runs, history_report, sparkline
from support.results.store import ResultsStore
from tests.results.examples import RUN, SCALED, SUMMARY, THROUGHPUT

assert THROUGHPUT.latency
SLOW = dataclasses.replace(SUMMARY, p95_ms=12.5)
LATENCY = dataclasses.replace(THROUGHPUT.latency, intended_to_ack=SLOW)
SLOWER = dataclasses.replace(THROUGHPUT, latency=LATENCY)


def test_only_earlier_runs_of_the_same_kind_count(tmp_path: Path) -> None:
    runs = {
        "1": dataclasses.replace(RUN, run_id="1", started="2026-11-01T12:00:00+00:00"),
        "2": dataclasses.replace(SCALED, run_id="2", started="2026-11-02T12:00:00+00:00"),
        "3": dataclasses.replace(RUN, run_id="3", started="2026-11-03", trouble="cut off"),
        "4": dataclasses.replace(RUN, run_id="4", started="2026-11-04T12:00:00+00:00"),
        "5": dataclasses.replace(RUN, run_id="5", started="2026-11-05T12:00:00+00:00"),
    }
    for name, run in runs.items():
        ResultsStore(tmp_path / name).write_run(run)
    (tmp_path / "6").mkdir()
    (tmp_path / "latest").symlink_to("4")
    found = earlier_runs(tmp_path / "latest", runs["4"])
    assert [run.run_id for run in found] == ["1"]


def test_figures_have_a_range_and_a_sparkline() -> None:
    before = dataclasses.replace(RUN, run_id="before", scenarios=(SLOWER,))
    text = history_report([before, RUN])
    assert "| before | ✖ FAIL | 1 | 0 | 0 | 0 | 0 | abc |" in text
    line = f"| {THROUGHPUT.name} | latency p95 | █▁ | 6.25 ms | 12.50 ms | 6.25 ms |"
    assert line in text
    assert history_report([RUN]) == ""


def test_a_sparkline_goes_from_the_lowest_to_the_highest() -> None:
    assert sparkline([1, 2, 8]) == "▁▂█"
    assert sparkline([3, 3]) == "▁▁"


def test_runs_without_a_common_figure_have_no_table() -> None:
    before = dataclasses.replace(RUN, run_id="before", scenarios=())
    text = history_report([before, RUN])
    assert text.rstrip().endswith("No figure of this run is in an earlier one.")
