"""index.html loads nothing, shows failures first, and escapes foreign text."""

from __future__ import annotations

import dataclasses
import re

from support.report.documents import documents_of
from support.report.page import page
from tests.results.examples import RESTART, RUN, SCALED, THROUGHPUT

FILES = ["run.json"]
SVG = '<?xml version="1.0"?>\n<svg><text>latency, ms</text></svg>'


def charts() -> dict[str, str]:
    names = re.findall(r"\((charts/[^)]+)\)", "".join(documents_of(RUN).values()))
    return dict.fromkeys(names, SVG)


def test_everything_is_on_the_page_itself() -> None:
    text = page(RUN, documents_of(RUN), charts(), FILES)
    assert text.count("<svg>") == len(charts()) > 0
    assert "<?xml" not in text
    assert "<img" not in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert "<script" not in text
    for scenario in (RESTART, THROUGHPUT):
        assert f"<summary>{scenario.name}</summary>" in text
    assert "<td>6.25</td>" in text


def test_failures_come_before_the_documents() -> None:
    text = page(RUN, documents_of(RUN), charts(), FILES)
    assert '<p class="verdict FAIL">' in text
    assert text.index("<details open>") < text.index('<section id="performance">')
    assert "Not an acceptance result" in page(SCALED, documents_of(SCALED), {}, FILES)


def test_missing_charts_are_named_and_foreign_text_is_escaped() -> None:
    evil = dataclasses.replace(RESTART, reason="<script>alert(1)</script>")
    run = dataclasses.replace(RUN, scenarios=(THROUGHPUT, evil))
    text = page(run, documents_of(run), {}, FILES)
    assert "(no picture charts/" in text
    assert "<script" not in text


def test_headlines_are_on_top_and_links_lead_to_existing_files() -> None:
    text = page(RUN, documents_of(RUN), charts(), FILES)
    assert (
        "<b>2</b><span>lost of 1,000 acknowledged records, through 1 fault</span>"
        "<small>exactly 0</small>" in text
    )
    assert text.index('class="cards"') < text.index('<section id="performance">')
    assert 'href="run.json"' in text
    assert "allure" not in text
    assert text.count('<td id="US1.1">') == 1
