"""A document that lacks or changes anything recorded is found."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.checks.reports import report_complete
from support.report.charts.kinds import names
from support.report.completeness.missing import REVIEWS, missing_of
from support.report.completeness.places import NOT_SHOWN, PLACES
from support.report.completeness.recorded import place_of
from support.report.completeness.scenario import figures
from support.report.documents import documents_of
from support.results.schema import RunResult, ScenarioResult, Verdict
from tests.report.filled import filled_scenario
from tests.results.examples import BEHIND, RESTART, RUN, SNAPSHOT, STARTS, THROUGHPUT

PACED = filled_scenario("performance", paced=True)
UNPACED = dataclasses.replace(filled_scenario("delivery", paced=False), name="as fast as possible")
EVERYTHING = dataclasses.replace(
    RUN, scenarios=(THROUGHPUT, RESTART, SNAPSHOT, STARTS, BEHIND, PACED, UNPACED)
)
FIGURE = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w.]*\w)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a run whose charts were drawn."""
    for scenario in EVERYTHING.scenarios:
        for chart in names(scenario).values():
            (tmp_path / chart).parent.mkdir(exist_ok=True)
            (tmp_path / chart).touch()
    return tmp_path


def lacks(name: str, text: str, folder: Path, run: RunResult = EVERYTHING) -> list[str]:
    return missing_of(name, run, text, folder).missing


@pytest.mark.parametrize("name", REVIEWS)
def test_the_documents_show_everything_that_is_recorded(name: str, folder: Path) -> None:
    text = documents_of(EVERYTHING)[name]
    found = missing_of(name, EVERYTHING, text, folder)
    assert found.missing == []
    assert found.expected > 5


@pytest.mark.parametrize("scenario", [PACED, UNPACED], ids=["paced", "unpaced"])
def test_every_field_of_a_record_has_a_place_or_a_reason_to_have_none(
    scenario: ScenarioResult,
) -> None:
    paced = scenario.load is not None and scenario.load.target_rate_per_s is not None
    placed = [figure for figure in figures(scenario) if place_of(figure, paced=paced)]
    assert len(placed) > 150
    assert not set(PLACES) & set(NOT_SHOWN)


def test_a_field_without_a_place_is_an_error() -> None:
    figure = dataclasses.replace(figures(PACED)[0], path=("load", "added_later"))
    with pytest.raises(KeyError, match=r"load\.added_later"):
        place_of(figure, paced=True)


NOT_RECORDED = {"median", "expected", "evidence", "outcome", "limit that decides"}
"""Columns without recorded figures: words, or computed."""
COMPUTED = re.compile(
    r"\([\d.]+%\)|, [\d.]+ s later|95 % interval|at least \d+%|[\d,]+ of [\d,]+ acknowledged|"
    r"through [\d,]+ fault|Proofs: .*|×.*|<summary>.*"
)


def figures_of_part(text: str, part: str) -> Iterator[tuple[int, int]]:
    """Returns begin and end of every recorded figure in a part of a document."""
    at = text.index(f"## {part}\n") + len(f"## {part}\n")
    lines = text[at:].split("\n## ")[0].split("\n")
    verbatim = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        verbatim ^= line == "```"
        if not verbatim and not line.startswith("![") and not following.startswith("|---"):
            yield from ((at + low, at + high) for low, high in spans(line, head_of(lines, line)))
        at += len(line) + 1


def head_of(lines: list[str], line: str) -> list[str]:
    """Returns the columns of the table that a row is in."""
    heads = [n for n, each in enumerate(lines) if each.startswith("|---")]
    above = [n for n in heads if n < lines.index(line)]
    return lines[above[-1] - 1].split("|") if line.startswith("|") and above else []


def spans(line: str, head: list[str]) -> Iterator[tuple[int, int]]:
    """Returns begin and end of the recorded figures of a line."""
    computed = [found.span() for found in COMPUTED.finditer(line)]
    for figure in FIGURE.finditer(line):
        column = head[line[: figure.start()].count("|")].strip() if head else ""
        inside = any(low <= figure.start() < high for low, high in computed)
        if not inside and column not in NOT_RECORDED:
            yield figure.span()


@pytest.mark.parametrize(
    ("name", "scenario"),
    [
        ("performance", PACED),
        ("performance", THROUGHPUT),
        ("performance", STARTS),
        ("delivery", UNPACED),
        ("delivery", RESTART),
    ],
)
def test_every_figure_of_a_part_is_looked_at(
    name: str, scenario: ScenarioResult, folder: Path
) -> None:
    run = dataclasses.replace(RUN, scenarios=(scenario,))
    text = documents_of(run)[name]
    found = list(figures_of_part(text, scenario.name))
    assert len(found) > 2
    unseen = [
        f"{text[low:high]} in{text[text.rindex(chr(10), 0, low) : text.index(chr(10), high)]}"
        for low, high in found
        if not lacks(name, f"{text[:low]}4.321{text[high:]}", folder, run)
    ]
    assert unseen == []


def rows_on_top(text: str, name: str) -> Iterator[str]:
    """Returns the rows of a scenario above the first part."""
    top = text.split("\n## ")[0]
    return (line for line in top.splitlines() if f"| {name} |" in line)


@pytest.mark.parametrize("scenario", [RESTART, UNPACED], ids=["restart", "everything"])
def test_every_cell_of_the_tables_on_top_is_looked_at(
    scenario: ScenarioResult, folder: Path
) -> None:
    text = documents_of(EVERYTHING)["delivery"]
    for row in rows_on_top(text, scenario.name):
        cells = row.split("|")
        for n, cell in enumerate(cells[3:], start=3):
            for figure in FIGURE.finditer(cell.split("(")[0]):
                other = f"{cell[: figure.start()]}4.321{cell[figure.end() :]}"
                changed = text.replace(row, "|".join([*cells[:n], other, *cells[n + 1 :]]))
                assert lacks("delivery", changed, folder), f"column {n} of {row}"


@pytest.mark.parametrize("name", ["performance", "delivery"])
def test_every_line_of_a_part_is_needed(name: str, folder: Path) -> None:
    """Drops rows with figures, the verdict, charts and proofs one by one."""
    text = documents_of(EVERYTHING)[name]
    part = PACED.name if name == "performance" else UNPACED.name
    lines = text[text.index(f"## {part}\n") :].split("\n## ")[0].splitlines()
    needed = [line for line in lines if line.startswith(("| ", "**", "![", "Fault: "))]
    assert len(needed) > 5
    for line in needed:
        if not line.startswith("| milliseconds"):
            assert lacks(name, text.replace(f"{line}\n", "", 1), folder), line


@pytest.mark.parametrize("name", ["performance", "delivery"])
def test_a_scenario_that_is_not_listed_is_named(name: str, folder: Path) -> None:
    text = documents_of(EVERYTHING)[name]
    scenario = THROUGHPUT if name == "performance" else RESTART
    row = next(rows_on_top(text, scenario.name))
    found = lacks(name, text.replace(f"{row}\n", "", 1), folder)
    assert f"{scenario.name}: its row with {scenario.verdict.value}" in found
    without_part = text.replace(f"## {scenario.name}\n", "## Another\n")
    assert f"{scenario.name}: verdict {scenario.verdict.value}" in lacks(name, without_part, folder)


def test_a_chart_that_was_not_drawn_is_named(folder: Path) -> None:
    (chart,) = names(RESTART).values()
    (folder / chart).unlink()
    text = documents_of(EVERYTHING)["delivery"]
    assert lacks("delivery", text, folder) == [f"{RESTART.name}: {chart}"]


def test_findings_remedies_and_headroom_are_looked_at(folder: Path) -> None:
    text = documents_of(EVERYTHING)["recommendations"]
    finding = next(line for line in text.splitlines() if line.startswith("| lost |"))
    remedy = next(line for line in text.splitlines() if "do something." in line)
    room = next(line for line in text.splitlines() if "| p95 latency |" in line)
    for line, what in ((finding, "finding"), (remedy, "remedy"), (room, "headroom")):
        found = lacks("recommendations", text.replace(f"{line}\n", ""), folder)
        assert found
        # Without its only row the table of changes is missing, too.
        assert all(what in each or each.startswith("advice") for each in found)
        assert any(what in each for each in found)
    for row, cell, other in (
        (finding, "| 2 records |", "| 0 records |"),
        (room, " 6.25 ", " 2.65 "),
        (room, "6%", "7%"),
    ):
        assert lacks("recommendations", text.replace(row, row.replace(cell, other)), folder)


def test_something_missing_fails_and_nothing_to_look_for_is_no_pass() -> None:
    assert report_complete("delivery", ["a row"], 9).verdict is Verdict.FAIL
    assert report_complete("delivery", [], 9).verdict is Verdict.PASS
    assert report_complete("delivery", [], 0).verdict is Verdict.INCONCLUSIVE
