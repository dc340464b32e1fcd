"""A report that leaves out or changes a recorded figure is found; advice needs a finding."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from support.checks.judged import deviates, passed_if
from support.checks.reports import report_agrees
from support.report import recommendations
from support.report.agreement import (
    missing,
    of_delivery,
    of_performance,
    of_recommendations,
)
from support.report.compare import Change, Compared
from support.report.documents import documents_of
from support.report.figures import Figure
from support.report.headlines import STARTS, headlines
from support.report.page import page
from support.report.recommendations import recommendations_report
from support.report.traceability import REQUIREMENTS, traceability_report
from support.report.verdict import verdict_lines
from support.results.limit import Limit, Operator
from support.results.measurements import CdcFigures, Delivery, Recovery
from support.results.schema import Check, RunResult, Verdict
from tests.results.examples import RESTART, RUN, SUMMARY, THROUGHPUT
from tests.test_features import tags_of_features

EXPECTED = {
    "performance": of_performance,
    "delivery": of_delivery,
    "recommendations": of_recommendations,
}
WITHOUT_A_SCENARIO = {"FR-011", "SC-008"}
"""Proven by the project's own tests: other settings, and the two commands."""


@pytest.mark.parametrize("name", EXPECTED)
def test_the_documents_say_what_is_recorded(name: str) -> None:
    expected = list(EXPECTED[name](RUN))
    assert expected
    assert missing(documents_of(RUN)[name], expected) == []


@pytest.mark.parametrize(
    ("name", "word", "other", "what"),
    [
        ("performance", "| 6.25 |", "| 6.52 |", "latency"),
        ("performance", "sent at 999.97/s", "achieved 1000/s", "throughput"),
        ("performance", "](charts/", "](", "chart"),
        ("delivery", "| 1,000 | 1,000 | 0 | 2 |", "| 1,000 | 1,000 | 0 | 0 |", "losses"),
        ("recommendations", "lost: 2 records", "lost: 0 records", "finding"),
    ],
)
def test_a_figure_that_is_missing_or_different_is_named(
    name: str, word: str, other: str, what: str
) -> None:
    text = documents_of(RUN)[name]
    assert word in text
    found = missing(text.replace(word, other), list(EXPECTED[name](RUN)))
    assert any(what in line for line in found)
    assert report_agrees(name, found, 9).verdict is Verdict.FAIL
    assert report_agrees(name, [], 9).verdict is Verdict.PASS
    assert report_agrees(name, [], 0).verdict is Verdict.INCONCLUSIVE


CHANGES = dataclasses.replace(
    RESTART,
    name="rows change",
    delivery=None,
    recovery=Recovery(15.23, None, 15.3, 16.02),
    cdc=CdcFigures(30, 100, 0, 101, 0, 1, SUMMARY, SUMMARY, 0.1, 0.5, 5.5, 700_000),
)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("delivery", f"| {RESTART.name} |"),
        ("delivery", "| rows change |"),
        ("performance", "| intended → acknowledged (the headline) |"),
        ("performance", "| broker |"),
    ],
)
def test_every_figure_of_a_row_is_looked_at(name: str, row: str) -> None:
    run = run_of(RESTART, THROUGHPUT, CHANGES)
    text, expected = documents_of(run)[name], list(EXPECTED[name](run))
    assert missing(text, expected) == []
    (line,) = [line for line in text.splitlines() if row in line]
    cells = line.split("|")
    for number, cell in enumerate(cells):
        if any(digit in cell for digit in "0123456789") and cell.strip() not in row:
            other = "|".join([*cells[:number], " 99.9 ", *cells[number + 1 :]])
            assert missing(text.replace(line, other), expected) != [], f"column {number}"


def run_of(*scenarios: object, **changes: object) -> RunResult:
    return dataclasses.replace(RUN, scenarios=scenarios, **changes)  # type: ignore[arg-type]


def test_advice_needs_a_finding_and_tells_the_measured_effect() -> None:
    calm = run_of(THROUGHPUT)
    assert "Nothing in this run calls for a change." in recommendations_report(calm)
    assert "| 6.25 ms | below 100 ms from the intended time | 6% |" in recommendations_report(calm)
    slow = dataclasses.replace(
        THROUGHPUT,
        name="a start",
        tags=("crash-start",),
        startups=({"first acknowledged": 14.7},),
    )
    quick = dataclasses.replace(
        slow,
        name="another",
        tags=("short-session",),
        startups=({"first acknowledged": 5.1},),
    )
    assert "| not tried in this run |" in recommendations_report(run_of(slow))
    text = recommendations_report(run_of(slow, quick))
    assert "after 14.7 s" in text
    assert "broker.session.timeout.ms=3000" in text
    assert "measured in this run: 5.1 s" in text
    assert "session.timeout" not in recommendations_report(run_of(quick))


def test_heartbeat_and_membership_are_advised_on_their_own_figures() -> None:
    default = dataclasses.replace(
        RESTART,
        name="a crash",
        tags=("default-heartbeat",),
        verdict=Verdict.PASS,
        reason="",
        recovery=Recovery(76.0, None, 90.0),
    )
    dynamic = dataclasses.replace(
        default,
        name="a consumer",
        tags=("dynamic-member",),
        recovery=Recovery(None, None, None, consumer_restart_s=45.2),
    )
    text = recommendations_report(run_of(default, dynamic))
    assert "76 s after a crash" in text
    assert "group.instance.id" in text
    fine = dataclasses.replace(default, recovery=Recovery(0.3, None, 16.0))
    assert "heartbeat.interval" not in recommendations_report(run_of(fine))


@pytest.mark.parametrize("name", ["renamed", "Warm start after a crash is a documented behaviour"])
def test_a_deviation_is_shown_wherever_its_limit_is(name: str) -> None:
    check = dataclasses.replace(
        deviates("start-up time after a crash", 15.2, "s", "below 10 s", "SC-002 wants 10 s"),
        limit=Limit(Operator.BELOW, 10, "s"),
    )
    deviating = dataclasses.replace(
        THROUGHPUT,
        name=name,
        tags=("crash-start", "SC-002", "US1.2"),
        checks=(check,),
        promises=(check.name,),
        verdict=Verdict.DEVIATION,
        reason="",
        load=None,
        latency=None,
        startups=({"first acknowledged": 15.2},),
    )
    run = run_of(THROUGHPUT, deviating, verdict=Verdict.PASS)
    cards = {card.what: card for card in headlines(run)}
    assert cards["start after a crash"].value == "15.2 s"
    assert cards["start after a crash"].verdict is Verdict.DEVIATION
    rooms = recommendations_report(run).split("## Headroom")[1].splitlines()
    assert rooms[4].endswith("| 152%, deviation |")
    assert "With a deviation from the specification: US1.2, SC-002." in traceability_report(run)
    assert any("1 met with a deviation" in line for line in verdict_lines(run, Path()))
    assert 'class="card DEVIATION"' in page(run, {}, {}, [])


def test_a_run_of_an_old_schema_has_no_headroom_and_says_so_once() -> None:
    checks = tuple(dataclasses.replace(check, limit=None) for check in THROUGHPUT.checks)
    old = dataclasses.replace(THROUGHPUT, checks=checks)
    text = recommendations_report(run_of(old, old, schema_version=2))
    assert text.count("recorded before limits were recorded as numbers (schema version 2") == 1
    assert "6%" not in text
    assert "No figure that has a limit was measured." in recommendations_report(run_of(old))


def test_a_headline_shows_the_limit_that_its_check_has() -> None:
    tagged = dataclasses.replace(THROUGHPUT, tags=("BENCH-1",))
    wanted = {card.what: card.wanted for card in headlines(run_of(tagged))}
    assert wanted["messages a second"] == "1,000"
    assert wanted["latency p95"] == "below 100 ms"


def test_what_was_lost_has_the_verdict_of_its_own_check() -> None:
    """A deviation of something else is none of the records that are all there."""
    load = Delivery(1000, 1000, 0, 0, 1000, 0, 0, 0, 0, 0, 0, None)
    lost = Check("lost", Verdict.PASS, 0, "records", "0 absent")
    full = dataclasses.replace(
        RESTART,
        verdict=Verdict.DEVIATION,
        delivery=load,
        checks=(deviates("resumes", "no", "", "by itself", "a full disk"), lost),
    )
    told = {card.what: card for card in headlines(run_of(full))}
    assert told["lost of 1,000 acknowledged, through 1 fault"].verdict is Verdict.PASS
    doubt = dataclasses.replace(full, checks=())
    told = {card.what: card for card in headlines(run_of(full, doubt))}
    assert told["lost of 2,000 acknowledged, through 2 faults"].verdict is Verdict.DEVIATION
    gone = dataclasses.replace(full, checks=(dataclasses.replace(lost, verdict=Verdict.FAIL),))
    told = {card.what: card for card in headlines(run_of(full, gone))}
    assert told["lost of 2,000 acknowledged, through 2 faults"].verdict is Verdict.FAIL


def test_only_what_promises_the_limit_stands_for_it() -> None:
    restarted = dataclasses.replace(
        RESTART,
        tags=("SC-004",),
        verdict=Verdict.FAIL,
        recovery=Recovery(None, None, None, consumer_restart_s=1.2),
        checks=(passed_if(True, "consumer restart time", 1.2, "s", "below 5 s from the start"),),
    )
    reconnects = dataclasses.replace(
        restarted,
        checks=(),
        recovery=Recovery(15.0, 15.1, 15.2, consumer_restart_s=31.0),
    )
    (card,) = (c for c in headlines(run_of(restarted, reconnects)) if "consumer" in c.what)
    assert (card.value, card.verdict) == ("at most 1.2 s", Verdict.PASS)
    assert not [c for c in headlines(run_of(reconnects)) if "consumer" in c.what]


def test_rules_speak_of_tags_that_the_features_carry() -> None:
    source = Path(recommendations.__file__).read_text()
    tags = set(STARTS) | set(re.findall(r'_(?:slowest_start|recovery)\(run, "([^"]+)"', source))
    assert len(tags) >= 6
    assert tags <= tags_of_features()


def test_every_requirement_of_the_specification_is_traced_to_a_scenario() -> None:
    counts = {"US": 9, "EC": 4, "FR": 12, "SC": 8, "BENCH": 5, "DELIV": 5}
    for kind, count in counts.items():
        assert sum(each.startswith(kind) for each in REQUIREMENTS) == count
    assert set(REQUIREMENTS) - tags_of_features() == WITHOUT_A_SCENARIO


def test_what_is_not_proven_comes_first() -> None:
    passing = dataclasses.replace(THROUGHPUT, location="features/x.feature:7")
    failing = dataclasses.replace(RESTART, tags=("US2.1", "delivery"))
    left_out = dataclasses.replace(passing, tags=("EC-3",), verdict=Verdict.SKIPPED)
    rows = [
        line
        for line in traceability_report(run_of(passing, failing, left_out)).splitlines()
        if line.startswith("|")
    ][2:]
    assert rows[-1].startswith("| ✅ PASS | US1.1 |")
    assert "`features/x.feature:7`" in rows[-1]
    assert any(row.startswith("| ❌ FAIL | US2.1 |") for row in rows)
    assert any(row.startswith("| ⏭️ SKIPPED | EC-3 |") for row in rows)
    text = traceability_report(run_of(passing, failing, left_out))
    assert "1 of 43 requirements have a passing scenario" in text
    assert "In part only" not in text


def test_what_is_proven_in_part_only_is_told() -> None:
    proven = dataclasses.replace(THROUGHPUT, tags=("EC-3",))
    reason = "There is no Kafka UI.\n  next: name one"
    left_out = dataclasses.replace(proven, verdict=Verdict.SKIPPED, reason=reason)
    text = traceability_report(run_of(proven, left_out))
    assert "In part only, since a scenario was left out: EC-3." in text
    assert "| left out: There is no Kafka UI. |" in text


def test_a_broken_check_that_was_not_promised_is_no_finding() -> None:
    aside = Check("log duplicates", Verdict.FAIL, 3, "records", "counted")
    run = run_of(dataclasses.replace(THROUGHPUT, checks=(*THROUGHPUT.checks, aside)))
    assert "Nothing in this run calls for a change." in recommendations_report(run)


def test_what_is_worse_than_the_accepted_baseline_is_a_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worse = Compared(
        "load | latency p95", Figure((6.0,), "ms"), Figure((60.0,), "ms"), 0.25, Change.WORSE
    )
    monkeypatch.setattr(recommendations, "worse_than_accepted", lambda _run: [worse])
    text = recommendations_report(run_of(THROUGHPUT))
    assert "latency p95: 60.00 ms, in the accepted baseline 6.00 ms (load)" in text
