"""index.html: the documents of a run on one page that needs nothing else, not even a network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from markdown_it import MarkdownIt

from support.report.headlines import Headline, headlines
from support.report.traceability import REQUIREMENTS
from support.report.words import MARKS
from support.results.schema import RunResult, ScenarioResult, Verdict

STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
td, th { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left;
  vertical-align: top; } td:nth-child(2), td:last-child { min-width: 8rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0;
  padding: .5rem .8rem; }
summary { cursor: pointer; font-weight: 600; }
svg { background: #fff; border-radius: .4rem; height: auto; max-width: 100%; }
pre, code { background: var(--soft); border-radius: .25rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .6rem; white-space: pre-wrap; }
blockquote { border-left: 4px solid #d9822b; margin: 0;
  padding-left: 1rem; } nav a { margin-right: 1rem; white-space: nowrap; }
.cards { display: grid; gap: .6rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
.card { border-radius: .5rem; display: flex; flex-direction: column; padding: .6rem .8rem; }
.card b { font-size: 1.35rem; } .card small { opacity: .75; }
.verdict { border-radius: .5rem; font-size: 1.3rem; font-weight: 700; padding: .6rem 1rem; }
.PASS { background: #2e7d3233; } .FAIL { background: #c6282833; }
.INCONCLUSIVE, .DEVIATION { background: #d9822b33; }
"""
TITLES = {
    "performance": "Performance",
    "delivery": "Delivery under failures",
    "recommendations": "Recommendations",
    "comparison": "Against the accepted baseline",
    "traceability": "Requirements",
    "history": "Earlier runs",
}
LINKS = {
    "allure/index.html": "Allure report",
    "run.json": "everything recorded, as JSON",
    "junit": "JUnit",
    "logs": "logs of the stack",
}
"""Files of the run's folder, where they are there."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_IMAGE = re.compile(r'<img src="([^"]+)"[^>]*>')


def page(
    run: RunResult, documents: Mapping[str, str], charts: Mapping[str, str], files: Sequence[str]
) -> str:
    """`documents`: name -> markdown; `charts`: file name as in the documents -> SVG; `files`: those
    of LINKS that are there."""
    counts = {v: sum(s.verdict is v for s in run.scenarios) for v in Verdict}
    told = ", ".join(f"{count} {v.value}" for v, count in counts.items() if count)
    title = f"Kafka validation: {run.verdict.value}"
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        "<h1>Does Kafka carry the CDC load, and lose nothing?</h1>",
        f'<p class="verdict {run.verdict.value}">{MARKS[run.verdict]} · {escape(told)}</p>',
        f"<p>Run {escape(run.run_id)}, scale {run.scale:g}</p>",
        "<nav>",
        *(f'<a href="#{name}">{TITLES[name]}</a>' for name in documents),
        *(f'<a href="{file}">{LINKS[file]}</a>' for file in files),
        "</nav>",
        *_unhappy(run),
        '<div class="cards">',
        *map(_card, headlines(run)),
        "</div>",
    ]
    for name, text in documents.items():
        parts.append(f'<section id="{name}"><h2>{TITLES[name]}</h2>')
        html = _with_charts(_sections(text), charts)
        parts.append(_with_places(html) if name == "traceability" else html)
        parts.append("</section>")
    return "\n".join([*parts, "</body></html>", ""])


def _card(headline: Headline) -> str:
    kind, parts = headline.verdict.value, (headline.value, headline.what, headline.wanted)
    value, what, wanted = map(escape, parts)
    mark = "" if headline.verdict is Verdict.PASS else f"<small>{MARKS[headline.verdict]}</small>"
    text = f"<b>{value}</b><span>{what}</span><small>wanted: {wanted}</small>{mark}"
    return f'<div class="card {kind}">{text}</div>'


def _unhappy(run: RunResult) -> list[str]:
    """What did not pass, or deviates from the specification, comes before everything else."""
    found = [s for s in run.scenarios if s.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
    return [_reason(s) for s in found]


def _reason(s: ScenarioResult) -> str:
    """Open, but for a deviation: its first line says enough."""
    is_open = "" if s.verdict is Verdict.DEVIATION else " open"
    return (
        f"<details{is_open}><summary>{MARKS[s.verdict]} {escape(s.name)}</summary>"
        f"<pre>{escape(s.reason)}</pre></details>"
    )


def _sections(text: str) -> str:
    """The document without its title; every section of a scenario folded."""
    head, *sections = f"\n{text}".split("\n## ")
    parts = [_html(re.sub(r"^\s*# .*", "", head))]
    for section in sections:
        title, _, body = section.partition("\n")
        parts.append(f"<details><summary>{escape(title)}</summary>\n{_html(body)}</details>")
    return "\n".join(parts)


def _html(markdown: str) -> str:
    html = str(_MARKDOWN.render(markdown))
    html = html.replace("<table>", '<div class="table"><table>')
    return html.replace("</table>", "</table></div>")


def _with_places(html: str) -> str:
    """Each requirement can be linked to by its name."""
    for each in REQUIREMENTS:
        html = html.replace(f"<td>{each}</td>", f'<td id="{each}">{each}</td>', 1)
    return html


def _with_charts(html: str, charts: Mapping[str, str]) -> str:
    """Pictures become part of the page; one that is not there is said so."""

    def picture(match: re.Match[str]) -> str:
        svg = charts.get(match[1], "")
        return svg[svg.find("<svg") :] if svg else f"<p>(no picture {escape(match[1])})</p>"

    return _IMAGE.sub(picture, html)
