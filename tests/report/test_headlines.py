"""Headlines show a figure, its limit, and the verdict of the checks that judge it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from support.checks.judged import deviates, passed_if
from support.report import tags
from support.report.headlines import headlines
from support.report.last_screen import last_screen
from support.report.page.build import page
from support.report.recommendations import recommendations_report
from support.report.traceability import traceability_report
from support.results.delivery import Delivery
from support.results.limit import Limit, Operator
from support.results.recovery import Recovery
from support.results.schema import Check, Verdict
from tests.report.more_examples import CHANGES
from tests.report.runs import run_of
from tests.results.examples import RESTART, THROUGHPUT
from tests.test_features import tags_of_features


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
    assert rooms[6].endswith("| 152%, deviation |")
    assert "With a deviation from the specification: US1.2, SC-002." in traceability_report(run, {})
    assert any("1 with a deviation" in line for line in last_screen(run, Path(), 100))
    assert '<tr class="DEVIATION"><th scope="row">start after a crash<td>' in page(
        run, {}, {}, [], {}
    )


def test_a_headline_shows_the_limit_that_its_check_has() -> None:
    tagged = dataclasses.replace(THROUGHPUT, tags=("BENCH-1",))
    wanted = {card.what: card.limit for card in headlines(run_of(tagged))}
    assert wanted["records a second acknowledged"] == "target 1,000"
    assert wanted["latency p95"] == "below 100 ms"


def test_losses_have_the_verdict_of_their_own_check() -> None:
    """A deviation of another check does not concern records that were all found."""
    load = Delivery(1000, 1000, 0, 0, 1000, 0, 0, 0, 0, 0, 0, None)
    lost = Check("lost", Verdict.PASS, 0, "records", "0 absent")
    full = dataclasses.replace(
        RESTART,
        verdict=Verdict.DEVIATION,
        delivery=load,
        checks=(deviates("resumes", "no", "", "by itself", "a full disk"), lost),
    )
    cards = {card.what: card for card in headlines(run_of(full))}
    assert cards["lost of 1,000 acknowledged records, through 1 fault"].verdict is Verdict.PASS
    doubt = dataclasses.replace(full, checks=())
    cards = {card.what: card for card in headlines(run_of(full, doubt))}
    assert (
        cards["lost of 2,000 acknowledged records, through 2 faults"].verdict is Verdict.DEVIATION
    )
    gone = dataclasses.replace(full, checks=(dataclasses.replace(lost, verdict=Verdict.FAIL),))
    cards = {card.what: card for card in headlines(run_of(full, gone))}
    assert cards["lost of 2,000 acknowledged records, through 2 faults"].verdict is Verdict.FAIL


def test_only_scenarios_that_judge_the_restart_are_in_its_headline() -> None:
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


def test_the_tags_that_reports_look_for_are_in_the_features() -> None:
    named = {value for name, value in vars(tags).items() if name.isupper()} - {tags.EDGE_CASE}
    assert len(named) > 10
    assert named <= tags_of_features()
    assert any(tag.startswith(tags.EDGE_CASE) for tag in tags_of_features())


def test_recoveries_have_no_limit_and_so_no_tick() -> None:
    restarted = dataclasses.replace(
        RESTART, tags=("DELIV-1",), verdict=Verdict.PASS, recovery=Recovery(15.3, None, None)
    )
    changes = [
        dataclasses.replace(CHANGES, name=str(seconds), recovery=Recovery(seconds, None, None))
        for seconds in (16.4, 82.9)
    ]
    cards = {card.what: card for card in headlines(run_of(restarted, *changes))}
    of_producers = cards["recovery of producers after a broker restart"]
    assert (of_producers.value, of_producers.verdict) == ("at most 15.3 s", Verdict.MEASURED)
    of_changes = cards["recovery of database changes after a fault"]
    assert (of_changes.value, of_changes.verdict) == ("at most 82.9 s", Verdict.MEASURED)
