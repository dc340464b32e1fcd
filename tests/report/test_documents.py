"""The documents show what run.json records, and say when a run is no acceptance result."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from support.checks.cdc_help import back_without_help
from support.report.charts.gallery import draw, draw_all, write_all
from support.report.charts.kinds import kinds, names
from support.report.charts.percentiles import curve
from support.report.delivery import delivery_report
from support.report.documents import main, write_reports
from support.report.evidence import evidence_of
from support.report.last_screen import last_screen
from support.report.performance import performance_report
from support.report.words import measured, number, table
from support.results.cdc import CdcFigures, SnapshotFigures
from support.results.consumer_lag import LagFigures
from support.results.schema import Check, ScenarioResult, Verdict
from support.results.sizes import SizeOutcome
from support.results.store import ResultsStore
from support.results.units import counted
from tests.report.more_examples import CHANGES
from tests.report.runs import run_of
from tests.results.examples import (
    BEHIND,
    RESTART,
    RUN,
    SCALED,
    SNAPSHOT,
    STARTS,
    SUMMARY,
    THROUGHPUT,
)


def test_the_performance_report_has_figures_limits_and_resources() -> None:
    text = performance_report(RUN)
    for figure in ("999.97/s", "6.25", "12.00", "p99.9", "| – |", "700", "-latency.svg"):
        assert figure in text, figure
    assert RESTART.name not in text


def test_the_delivery_report_has_losses_duplicates_and_recovery() -> None:
    text = delivery_report(RUN)
    row = next(line for line in text.splitlines() if line.startswith("| ✖ FAIL | Broker crash"))
    cells = [cell.strip() for cell in row.split("|")[3:-1]]
    assert cells == ["2", "3 (0.30%)", "4", "15.50", "–", "15.70"]
    assert "lost ids: 4, 5" in text
    assert THROUGHPUT.name not in text


def test_database_changes_are_in_the_same_table() -> None:
    figures = CdcFigures(
        10, 1_934, 2, 2_000, 0, 66, SUMMARY, SUMMARY, 0.1, 0.06, 5.5, 8_600_024, 10_077_144
    )
    scenario = dataclasses.replace(
        RESTART,
        name="the worker crashes",
        cdc=figures,
        delivery=None,
        verdict=Verdict.PASS,
        snapshot=SnapshotFigures({"users": 50_000, "videos": 45_000}, 10.0, 9_500.0),
    )
    run = dataclasses.replace(RUN, scenarios=(RESTART, scenario))
    text = delivery_report(run)
    (row,) = [line for line in text.splitlines() if line.startswith("| ✔ PASS | the worker")]
    cells = [cell.strip() for cell in row.split("|")[3:-1]]
    assert cells == ["0", "66 (3.30%)", "–", "15.50", "–", "15.70"]
    assert "Every committed change has its event, through 1 fault." in text
    assert "2 of 1,000 acknowledged records lost, through 1 fault." in text
    assert "95 %" not in text
    assert "Snapshot of 50,000 users, 45,000 videos in 10.0 s: 9,500 rows/s." in text


def test_a_scaled_run_says_on_top_that_it_does_not_count() -> None:
    for report in (performance_report, delivery_report):
        assert "Not an acceptance result" in report(SCALED).split("##")[0]
        assert "Not an acceptance result" not in report(RUN)
    assert "`producer.acks=0`" in performance_report(SCALED)
    assert "Not an acceptance result (scale 0.1)" in last_screen(SCALED, Path(), 100)[1]


@pytest.mark.parametrize("scenario", [RESTART, THROUGHPUT, SNAPSHOT, STARTS, BEHIND])
def test_charts_are_valid_svg_and_the_same_for_the_same_figures(scenario: ScenarioResult) -> None:
    assert kinds(scenario)
    for kind in kinds(scenario):
        picture = draw(scenario, kind)
        ET.fromstring(picture)
        assert "script" not in picture
        assert picture == draw(scenario, kind)


@pytest.mark.parametrize(
    ("scenario", "kind", "words"),
    [
        (RESTART, "latency", ("broker crash", "never acknowledged", "consumed", "records/s")),
        (THROUGHPUT, "latency", ("limit 100 ms (p95)", "latency, ms (log)")),
        (THROUGHPUT, "percentiles", ("p99", "limit 100 ms (p95)", "schedule delay")),
        (
            THROUGHPUT,
            "resources",
            (
                "CPU, cores",
                "memory, MiB",
                "disk, MiB",
                "broker",
                "limit of the broker: 1.6 cores (p95)",
                "limit of the broker: 2 GB",
            ),
        ),
        (SNAPSHOT, "resources", ("connect",)),
        (STARTS, "startup", ("limit 10 s", "start 2")),
        (BEHIND, "lag", ("partition 1", "records behind")),
    ],
)
def test_a_chart_shows_its_units_limits_and_faults(
    scenario: ScenarioResult, kind: str, words: tuple[str, ...]
) -> None:
    picture = draw(scenario, kind)
    for word in words:
        assert word in picture, word


def test_the_curve_of_percentiles_ends_where_samples_are_too_few() -> None:
    assert THROUGHPUT.latency
    few = dataclasses.replace(THROUGHPUT.latency.send_to_ack, count=200)
    assert curve(THROUGHPUT.latency.send_to_ack)[-1][0] == 99.95
    assert curve(few)[-1][0] == 99.5
    assert curve(dataclasses.replace(few, histogram="")) == []


def test_charts_are_written_as_files_of_their_own(tmp_path: Path) -> None:
    (name,) = write_all(draw_all([RESTART]), tmp_path)
    picture = ET.fromstring((tmp_path / name).read_text())
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"


def test_required_checks_come_before_the_details() -> None:
    text = performance_report(RUN)
    assert "**✔ PASS**: 1 of 1 scenarios passed." in text.split("##")[0]
    assert (
        "p95 latency 6.25 ms (below 100 ms from the intended time); 2 of 2 required checks passed"
        in text
    )


def test_log_lines_are_shown() -> None:
    assert "ERROR all log dirs have failed" in delivery_report(RUN)


def test_documents_are_written_from_the_folder_alone(tmp_path: Path) -> None:
    ResultsStore(tmp_path).write_run(RUN)
    written = write_reports(tmp_path)
    always = ["recommendations.md", "traceability.md", "glossary.md", "index.html"]
    assert [path.name for path in written] == ["performance.md", "delivery.md", *always]
    for path in written:
        for line in path.read_text().splitlines():
            if line.startswith("![") and line.endswith(")"):
                assert (tmp_path / line.split("(")[-1][:-1]).is_file()
    assert main([str(tmp_path)]) == 0


def test_a_damaged_run_json_still_shows_the_scenarios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ResultsStore(tmp_path)
    store.write_run(RUN)
    store.write_trial(RESTART)
    store.write_trial(THROUGHPUT)
    (tmp_path / "run.json").write_text('{"schema_version": 1, "run_id"')
    (tmp_path / "trials" / "half.json").write_text("{")
    assert main([str(tmp_path)]) == 0
    text = (tmp_path / "delivery.md").read_text()
    assert "> **The run as a whole:** There is no readable result in" in text
    assert "these files can't be read: half.json" in text
    assert "lost ids: 4, 5" in text
    (tmp_path / "run.json").write_text('{"schema_version": 0}')
    assert main([str(tmp_path)]) == 0
    assert "a schema version that this suite can't read" in (tmp_path / "delivery.md").read_text()
    for trial in (tmp_path / "trials").iterdir():
        trial.unlink()
    assert main([str(tmp_path)]) == 2
    assert "seen: 0" in capsys.readouterr().err


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2


def test_the_evidence_of_a_scaled_run_says_that_it_does_not_count(tmp_path: Path) -> None:
    assert evidence_of(RESTART, 0.1, tmp_path)[0][0] == "NOT an acceptance result"


def test_the_evidence_has_checks_result_log_and_charts(tmp_path: Path) -> None:
    (chart,) = names(RESTART).values()
    assert [(name, kind) for name, _, kind in evidence_of(RESTART, 1.0, tmp_path)] == [
        ("checks", "TEXT"),
        ("result", "JSON"),
        ("log of broker", "TEXT"),
        (chart, "SVG"),
    ]


def test_each_edge_case_has_a_line_and_its_figures() -> None:
    lag = LagFigures(110_000, 9.5, (0.0, 0.5), {"0": (None, 60_000), "1": (5, 50_000)})
    sizes = (
        SizeOutcome("producer", 999_964, "stored", "message.max.bytes", True),
        SizeOutcome("producer", 999_965, "MSG_SIZE_TOO_LARGE", "message.max.bytes", False),
    )
    base = dataclasses.replace(RESTART, delivery=None, faults=(), recovery=None, series=())
    behind = dataclasses.replace(
        base, name="far behind", tags=("EC-3", "edge"), lag=lag, verdict=Verdict.PASS, reason=""
    )
    large = dataclasses.replace(
        behind,
        name="large",
        tags=("EC-2", "edge"),
        lag=None,
        sizes=sizes,
        notes=("Remedy: another limit.",),
    )
    skipped = dataclasses.replace(
        behind,
        name="ui",
        lag=None,
        verdict=Verdict.SKIPPED,
        reason="There is no Kafka UI.\n  next: give one",
    )
    run = dataclasses.replace(RUN, scenarios=(behind, large, skipped))
    text = delivery_report(run)
    assert "| ✔ PASS | EC-3 | far behind | 110,000 records behind |" in text
    assert "| ✔ PASS | EC-2 | large | 2 sizes: 1 stored, 1 not stored |" in text
    assert "| – SKIPPED | EC-3 | ui | There is no Kafka UI. |" in text
    assert "gone after 9.5 s of full speed" in text
    assert "| producer | 999,965 | MSG_SIZE_TOO_LARGE | message.max.bytes | no |" in text
    assert "Remedy: another limit." in text


def test_a_run_of_edge_cases_alone_has_its_report(tmp_path: Path) -> None:
    edge = dataclasses.replace(RESTART, tags=("EC-1", "edge"))
    run = dataclasses.replace(RUN, scenarios=(edge,))
    store = ResultsStore(tmp_path / "run")
    store.write_run(run)
    assert write_reports(store.folder)[0].name == "delivery.md"


def test_repeated_scenarios_have_a_spread_and_skipped_ones_have_none() -> None:
    scenarios = [
        dataclasses.replace(RESTART, name=f"{name} [{n} of 2]", verdict=verdict)
        for name, verdict in (("restart", Verdict.PASS), ("loss", Verdict.SKIPPED))
        for n in (1, 2)
    ]
    text = delivery_report(dataclasses.replace(RUN, scenarios=tuple(scenarios)))
    spreads = text.split("Lowest, median and highest")[1].split("##")[0]
    assert "| restart | 2 of 2 | " in spreads
    assert "| loss |" not in spreads


def test_pipes_and_newlines_in_cells_do_not_break_a_row() -> None:
    assert table(("a", "b"), [("one\ntwo", "x|y")]).splitlines()[-1] == "| one two | x/y |"


@pytest.mark.parametrize(
    ("count", "unit", "words"),
    [
        (1, "wrong settings", "1 wrong setting"),
        (2, "wrong settings", "2 wrong settings"),
        (1, "mismatches", "1 mismatch"),
        (1, "copies", "1 copy"),
        (1, "ms", "1 ms"),
        (1, "bytes free", "1 byte free"),
        (0, "records", "0 records"),
        (895_000, "rows", "895,000 rows"),
    ],
)
def test_a_count_of_one_is_singular(count: int, unit: str, words: str) -> None:
    assert counted(count, unit) == words
    assert measured(Check("x", Verdict.PASS, count, unit, "")) == words


def test_a_recovery_with_help_of_the_suite_has_a_footnote() -> None:
    help_needed = back_without_help((), (), "the worker was restarted after 60 s without a change")
    helped = dataclasses.replace(CHANGES, checks=(help_needed,))
    assert "†" not in delivery_report(run_of(CHANGES))
    text = delivery_report(run_of(helped))
    assert "| 0 | 66 (3.30%) | – | 15.23 † | – | 15.68 |" in text
    assert "† after the suite had restarted a part" in text


def test_a_value_that_rounds_to_zero_has_no_sign() -> None:
    assert number(-0.001) == "0.00"
    assert number(-0.4, 0) == "0"
    assert number(-1.5, 1) == "-1.5"
