"""Builds index.html from a run: collects what it shows, and fills the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from support.report.charts.drawing import RULES
from support.report.facts import facts
from support.report.heading import about
from support.report.headlines import headlines
from support.report.page import timeline
from support.report.page.answer import answer
from support.report.page.attention import attention
from support.report.page.bars import closest, of_headline, stalls
from support.report.page.markdown import html
from support.report.page.scenario import Row, anchor_of, row_of
from support.report.page.stories import Story, by_story
from support.report.proof import proofs
from support.report.repeated import repeats_table
from support.report.shown import Shown
from support.report.words import MARKS
from support.results.schema import OF_SCENARIOS, RunResult, ScenarioResult, Verdict, worst

TITLES = {
    "recommendations": "Recommendations",
    "comparison": "Against the accepted baseline",
    "history": "Earlier runs",
    "glossary": "Glossary",
}
"""Documents that the page contains -> their title."""
LINKS = {
    "performance.md": "performance.md",
    "delivery.md": "delivery.md",
    "upgrade.md": "upgrade.md",
    "allure/index.html": "Allure report",
    "run.json": "everything recorded, as JSON",
    "junit": "JUnit",
    "logs": "logs of the stack",
}
"""Files of the run's folder that the page links to if they exist -> text of the link."""
SHOWN = 5
"""How many of the longest stalls, and of the figures closest to their limits, come first."""
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Part:
    """A user story on the page; `features`: name of a feature -> its scenarios."""

    story: Story
    verdict: Verdict
    mark: str
    counts: str
    sentence: str
    features: Sequence[tuple[str, Sequence[Row]]]
    repeats: Markup


def page(
    run: RunResult,
    documents: Mapping[str, str],
    charts: Mapping[str, str],
    files: Sequence[str],
    shown: Mapping[str, Shown],
) -> str:
    """Returns the page.

    `documents`: name -> markdown. `charts`: file name as in the documents -> SVG. `files`: those of
    LINKS that exist. `shown`: what the run itself shows of requirements without a scenario.
    """
    items = attention(run)
    verdicts = {s.verdict for s in run.scenarios}
    return _template().render(
        run=run,
        answer=answer(run),
        about=about(run).replace("`", ""),
        counts=_counts(run.scenarios),
        items=[item for item in items if item.verdict is not Verdict.SKIPPED],
        untested=[item for item in items if item.verdict is Verdict.SKIPPED],
        closest=closest(run, SHOWN),
        stalls=stalls(run, SHOWN),
        compared=_compared(documents),
        bars=list(map(of_headline, headlines(run))),
        parts=[_part(story, found, charts) for story, found in by_story(run)],
        proofs=proofs(run, shown),
        documents=_shown(documents),
        files=[(file, LINKS[file]) for file in files],
        verdicts=[(v.value, MARKS[v]) for v in OF_SCENARIOS if v in verdicts],
        tags=sorted({tag for s in run.scenarios for tag in s.tags}),
        ticks=_ticks(),
        marks=MARKS,
        anchor=anchor_of,
    )


def _shown(documents: Mapping[str, str]) -> list[tuple[str, str, Markup]]:
    """Returns name, title and HTML of the documents that are on the page as they are."""
    return [
        (name, title, html(_body(documents[name]), labelled=True, level=1))
        for name, title in TITLES.items()
        if name in documents
    ]


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("style.css", "script.js"):
        # Files of this folder, which no foreign text gets into.
        environment.globals[name.partition(".")[0]] = Markup((TEMPLATES / name).read_text())
    environment.globals["chart_rules"] = Markup(RULES)
    return environment.get_template("page.html")


def _part(story: Story, found: Sequence[ScenarioResult], charts: Mapping[str, str]) -> Part:
    ran = [s.verdict for s in found if s.verdict is not Verdict.SKIPPED]
    verdict = worst(ran) if ran else Verdict.SKIPPED
    rows = [row_of(s, charts) for s in found]
    features = [
        (name, list(group)) for name, group in groupby(rows, key=lambda row: row.result.feature)
    ]
    return Part(
        story,
        verdict,
        MARKS[verdict],
        _counts(found),
        facts(found),
        features,
        html("\n".join(repeats_table(found))),
    )


def _counts(found: Sequence[ScenarioResult]) -> str:
    """Returns, for example, `55 passed, 6 deviate, 2 skipped`."""
    words = {
        Verdict.FAIL: "failed",
        Verdict.INCONCLUSIVE: "not measured",
        Verdict.DEVIATION: "with a deviation",
        Verdict.PASS: "passed",
        Verdict.SKIPPED: "could not run",
    }
    counts = ((sum(s.verdict is v for s in found), word) for v, word in words.items())
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _body(document: str) -> str:
    """Returns a document without its title and its line about the run: the page has both on top."""
    lines = document.strip().splitlines()
    kept = [line for n, line in enumerate(lines) if n or not line.startswith("# ")]
    return "\n".join(line for line in kept if not line.startswith("Run `"))


def _compared(documents: Mapping[str, str]) -> str:
    """Returns the summary of the comparison with the accepted baseline; empty without one."""
    lines = documents.get("comparison", "").splitlines()
    return next((line for line in lines if line and not line.startswith("#")), "")


def _ticks() -> list[tuple[str, float]]:
    whole = timeline.BEFORE_S + timeline.AFTER_S
    return [(f"{t} s", round((timeline.BEFORE_S + t) / whole * 100, 1)) for t in timeline.TICKS]
