"""index.html loads nothing, answers first, and escapes foreign text."""

from __future__ import annotations

import dataclasses
import re
from html import escape
from html.parser import HTMLParser

import pytest

from support.report.charts.gallery import draw_all
from support.report.documents import documents_of
from support.report.page.build import page
from support.report.page.scenario import anchor_of
from support.report.requirements import REQUIREMENTS
from support.report.sections import SECTIONS, checks
from support.report.words import measured
from support.results.schema import Check, RunResult, Verdict
from tests.report.test_golden import EVERY
from tests.results.examples import RESTART, RUN, SCALED, THROUGHPUT

FILES = ["run.json"]
FIGURE = re.compile(r"\d[\d,]*\.\d+")


def written(run: RunResult) -> str:
    return page(run, documents_of(run), draw_all(run.scenarios), FILES, {})


class Elements(HTMLParser):
    """The ids, the targets of links, and the levels of the headings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.levels: list[int] = []
        self.pictures: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.targets += [found["href"] or ""] if tag == "a" else []
        self.levels += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        self.pictures += [found] if tag == "svg" or found.get("role") == "img" else []


@pytest.fixture(scope="module")
def everything() -> str:
    return written(EVERY)


def test_everything_is_on_the_page_itself(everything: str) -> None:
    assert "<?xml" not in everything
    assert "<img" not in everything
    assert not re.search(r'(src|href)="(https?:)?//', everything)
    assert everything.count('class="chart"') == len(draw_all(EVERY.scenarios)) > 5
    for scenario in EVERY.scenarios:
        assert f'id="{anchor_of(scenario)}"' in everything


def test_links_lead_to_something_and_ids_are_unique(everything: str) -> None:
    found = Elements(everything)
    assert len(found.ids) == len(set(found.ids))
    anchors = {target[1:] for target in found.targets if target.startswith("#")}
    assert anchors <= set(found.ids)
    assert set(REQUIREMENTS) <= set(found.ids)
    assert [target for target in found.targets if not target.startswith("#")] == FILES


def test_headings_skip_no_level_and_pictures_have_words(everything: str) -> None:
    found = Elements(everything)
    assert found.levels[0] == 1
    assert found.levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(found.levels, found.levels[1:], strict=False))
    assert all(each.get("aria-label") or each.get("aria-hidden") for each in found.pictures)


def test_the_answer_comes_first_and_then_what_failed() -> None:
    text = written(RUN)
    answer, failed, stories = (
        text.index(each)
        for each in ("<h1>Kafka does not pass", "lost: FAIL", '<section class="story"')
    )
    assert answer < failed < stories
    assert "Not an acceptance result" in written(SCALED)


def test_foreign_text_is_escaped() -> None:
    evil = dataclasses.replace(
        RESTART, name="<b>evil</b>", reason="<script>alert(1)</script>", notes=("<i>no</i>",)
    )
    text = written(dataclasses.replace(RUN, scenarios=(THROUGHPUT, evil)))
    assert text.count("<script") == 1
    assert "<b>evil" not in text
    assert "<i>no" not in text


def test_a_scenario_can_be_filtered_by_what_it_carries(everything: str) -> None:
    for scenario in EVERY.scenarios:
        tags = " ".join(scenario.tags)
        marks = f'data-verdict="{scenario.verdict.value}" data-tags="{tags}"'
        assert f'id="{anchor_of(scenario)}" {marks}' in everything


def test_every_check_and_every_section_of_a_scenario_is_on_the_page(everything: str) -> None:
    for scenario in EVERY.scenarios:
        article = everything.split(f'id="{anchor_of(scenario)}"')[1].split("</article>")[0]
        for check in scenario.checks:
            assert f"<td>{escape(check.name)}<td>{escape(measured(check))}<td>" in article
        for section in SECTIONS:
            if section is not checks.SECTION:
                figures = FIGURE.findall(" ".join(section.text(scenario)))
                assert all(figure in article for figure in figures)


def test_without_the_script_nothing_is_hidden_but_the_filter(everything: str) -> None:
    before = everything.split("<script")[0]
    assert re.findall(r"<(\w+)[^>]* hidden>", before) == ["form"]


def test_a_run_of_full_size_is_below_a_megabyte() -> None:
    """Builds a run with as many scenarios, checks and intervals as `make validate` has."""
    check = Check("lost", Verdict.PASS, 0, "records", "0 absent", ("x" * 60,))
    base = RESTART.series[0]
    series = tuple(dataclasses.replace(base, at_s=n / 4, p50_ms=n % 9 + 1.0) for n in range(120))
    scenarios = tuple(
        dataclasses.replace(
            each,
            name=f"{each.name} [{n} of 8]",
            verdict=Verdict.PASS,
            checks=(check,) * 22,
            series=series,
        )
        for n in range(8)
        for each in (*(RESTART,) * 7, THROUGHPUT)
    )
    run = dataclasses.replace(RUN, verdict=Verdict.PASS, scenarios=scenarios)
    assert 300_000 < len(written(run).encode()) < 1_000_000
