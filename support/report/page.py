"""index.html: all documents of a run on one page that loads nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from markdown_it import MarkdownIt

from support.report.heading import about
from support.report.headline import Headline
from support.report.headlines import headlines
from support.report.page_style import STYLE
from support.report.requirements import REQUIREMENTS
from support.report.words import MARKS
from support.results.schema import RunResult, ScenarioResult, Verdict
from support.results.units import counted

TITLES = {
    "performance": "Performance",
    "delivery": "Delivery under failures",
    "recommendations": "Recommendations",
    "comparison": "Against the accepted baseline",
    "traceability": "Requirements",
    "history": "Earlier runs",
    "glossary": "Glossary",
}
LINKS = {
    "allure/index.html": "Allure report",
    "run.json": "everything recorded, as JSON",
    "junit": "JUnit",
    "logs": "logs of the stack",
}
"""Files of the run's folder that the page links to if they exist -> text of the link."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TITLE_AND_RUN = re.compile(r"^\s*# .*\n+(Run `.*\n)?")
_IMAGE = re.compile(r'<img src="([^"]+)"[^>]*>')


def page(
    run: RunResult, documents: Mapping[str, str], charts: Mapping[str, str], files: Sequence[str]
) -> str:
    """Return the page.

    `documents`: name -> markdown. `charts`: file name as in the documents -> SVG. `files`: those of
    LINKS that exist.
    """
    return "\n".join(
        [
            *_head(run),
            "<nav>",
            *(f'<a href="#{name}">{TITLES[name]}</a>' for name in documents),
            *(f'<a href="{file}">{LINKS[file]}</a>' for file in files),
            "</nav>",
            *_unhappy(run),
            '<div class="cards">',
            *map(_card, headlines(run)),
            "</div>",
            *(_document(name, text, charts) for name, text in documents.items()),
            "</body></html>",
            "",
        ]
    )


def _head(run: RunResult) -> list[str]:
    title = f"Kafka validation: {run.verdict.value}"
    return [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        "<h1>Does Kafka carry the CDC load, and lose nothing?</h1>",
        f'<p class="verdict {run.verdict.value}">{MARKS[run.verdict]}: {_counts(run)}</p>',
        f"<p>{escape(about(run).replace('`', ''))}</p>",
    ]


def _document(name: str, text: str, charts: Mapping[str, str]) -> str:
    html = _with_charts(_sections(text), charts)
    html = _with_anchors(html) if name == "traceability" else html
    return f'<section id="{name}"><h2>{TITLES[name]}</h2>\n{html}\n</section>'


def _counts(run: RunResult) -> str:
    """Returns, for example, `61 scenarios passed, 2 of them with a deviation, none failed`."""
    count = {v: sum(s.verdict is v for s in run.scenarios) for v in Verdict}
    deviating = count[Verdict.DEVIATION]
    parts = [
        f"{counted(count[Verdict.PASS] + deviating, 'scenarios')} passed",
        f"{deviating} of them with a deviation from the specification" if deviating else "",
        f"{count[Verdict.FAIL] or 'none'} failed",
        f"{count[Verdict.INCONCLUSIVE]} inconclusive" if count[Verdict.INCONCLUSIVE] else "",
        f"{count[Verdict.SKIPPED]} skipped" if count[Verdict.SKIPPED] else "",
    ]
    return ", ".join(filter(None, parts))


def _card(headline: Headline) -> str:
    kind, limit = headline.verdict.value, headline.limit or "no limit in the specification"
    value, what, limit = map(escape, (headline.value, headline.what, limit))
    mark = "" if headline.verdict is Verdict.PASS else f"<small>{MARKS[headline.verdict]}</small>"
    text = f"<b>{value}</b><span>{what}</span><small>{limit}</small>{mark}"
    return f'<div class="card {kind}">{text}</div>'


def _unhappy(run: RunResult) -> list[str]:
    """Everything that did not pass, or deviates from the specification."""
    found = [s for s in run.scenarios if s.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
    return [_reason(s) for s in found]


def _reason(s: ScenarioResult) -> str:
    """The reason, unfolded unless it is a deviation, whose first line says enough."""
    is_open = "" if s.verdict is Verdict.DEVIATION else " open"
    return (
        f"<details{is_open}><summary>{MARKS[s.verdict]} {escape(s.name)}</summary>"
        f"<pre>{escape(s.reason)}</pre></details>"
    )


def _sections(text: str) -> str:
    """The document without its title and the run, which the page has on top; sections folded."""
    head, *sections = f"\n{text}".split("\n## ")
    parts = [_html(_TITLE_AND_RUN.sub("", head))]
    for section in sections:
        title, _, body = section.partition("\n")
        parts.append(f"<details><summary>{escape(title)}</summary>\n{_html(body)}</details>")
    return "\n".join(parts)


def _html(markdown: str) -> str:
    html = str(_MARKDOWN.render(markdown))
    html = html.replace("<table>", '<div class="table"><table>')
    return html.replace("</table>", "</table></div>")


def _with_anchors(html: str) -> str:
    """Give the first cell of each requirement its identifier, for links."""
    for each in REQUIREMENTS:
        html = html.replace(f"<td>{each}</td>", f'<td id="{each}">{each}</td>', 1)
    return html


def _with_charts(html: str, charts: Mapping[str, str]) -> str:
    """Put the charts into the page; name those that are missing."""

    def picture(match: re.Match[str]) -> str:
        svg = charts.get(match[1], "")
        return svg[svg.find("<svg") :] if svg else f"<p>(no picture {escape(match[1])})</p>"

    return _IMAGE.sub(picture, html)
