"""Advice needs a finding of the run, and reports the effect that was measured."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from support.checks.cdc_help import back_without_help
from support.checks.judged import deviates
from support.checks.resumption import RESTART as RESTART_TIME
from support.checks.startup import AFTER_CRASH
from support.report import not_met
from support.report.advice import Advice
from support.report.difference import Change, Compared
from support.report.figures import Figure
from support.report.recommendations import ordered, recommendations_report
from support.report.sections.notes import REMEDY
from support.results.limit import Limit, Operator
from support.results.recovery import Recovery
from support.results.schema import Check, Verdict
from support.settings import ROOT
from tests.report.runs import run_of
from tests.results.examples import RESTART, THROUGHPUT


def test_advice_needs_a_finding_and_states_the_measured_effect() -> None:
    calm = run_of(THROUGHPUT)
    assert "No finding of this run calls for a change." in recommendations_report(calm)
    assert "| 6.25 ms | below 100 ms from the intended time | 6% |" in recommendations_report(calm)
    slow = dataclasses.replace(
        THROUGHPUT,
        name="a start",
        tags=("crash-start",),
        startups=({"first acknowledged": 14.7},),
        checks=(deviates(AFTER_CRASH, 14.7, "s", "below 10 s", "SC-002 wants 10 s"),),
    )
    quick = dataclasses.replace(
        slow,
        name="another",
        tags=("short-session",),
        startups=({"first acknowledged": 5.1},),
        checks=(),
    )
    assert "| not tried in this run |" in recommendations_report(run_of(slow))
    text = recommendations_report(run_of(slow, quick))
    assert "after 14.7 s" in text
    effect = "14.7 → 5.1 s (slowest of 1 start without and 1 with it; noise not measured)"
    assert f"| {effect} |" in text
    assert "| `broker.session.timeout.ms`: 9000 → 3000, `broker.heartbeat" in text
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
        checks=(deviates(RESTART_TIME, 45.2, "s", "below 5 s", "SC-004 wants 5 s"),),
    )
    text = recommendations_report(run_of(default, dynamic))
    assert "76 s after a crashed broker is started again" in text
    assert "group.instance.id" in text
    fine = dataclasses.replace(default, recovery=Recovery(0.3, None, 16.0))
    assert "heartbeat.interval" not in recommendations_report(run_of(fine))


def test_a_run_of_an_old_schema_has_no_headroom_and_says_so_once() -> None:
    checks = tuple(dataclasses.replace(check, limit=None) for check in THROUGHPUT.checks)
    old = dataclasses.replace(THROUGHPUT, checks=checks)
    text = recommendations_report(run_of(old, old, schema_version=2))
    assert text.count("recorded before limits were recorded as numbers (schema version 2") == 1
    assert "6%" not in text
    assert "No required figure that has an upper limit was measured." in recommendations_report(
        run_of(old)
    )


def test_a_failed_check_that_is_not_required_is_no_finding() -> None:
    aside = Check("log duplicates", Verdict.FAIL, 3, "records", "counted")
    run = run_of(dataclasses.replace(THROUGHPUT, checks=(*THROUGHPUT.checks, aside)))
    assert "No finding of this run calls for a change." in recommendations_report(run)


def test_what_is_worse_than_the_accepted_baseline_is_a_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worse = Compared(
        "load | latency p95", Figure((6.0,), "ms"), Figure((60.0,), "ms"), 0.25, Change.WORSE
    )
    monkeypatch.setattr(not_met, "worse_than_accepted", lambda _run, _path: [worse])
    text = recommendations_report(run_of(THROUGHPUT))
    assert "| latency p95 | load | 6.00 ms | 60.00 ms | ±25% |" in text


def test_a_worker_that_the_suite_restarted_is_said() -> None:
    helped = dataclasses.replace(
        RESTART,
        name="a crash",
        tags=("default-heartbeat",),
        recovery=Recovery(82.9, None, 90.0),
        checks=(back_without_help((), (), "the worker was restarted after 60 s without a change"),),
    )
    text = recommendations_report(run_of(helped))
    assert "no change arrived for 60 s after a crashed broker was started again" in text
    assert "after the suite restarted the worker, the first came at 83 s" in text


def test_no_finding_does_not_hide_what_was_not_measured() -> None:
    doubtful = dataclasses.replace(THROUGHPUT, verdict=Verdict.INCONCLUSIVE)
    assert (
        "No finding of this run calls for a change; 1 scenario could not be measured; the run was "
        "scaled by 0.1." in recommendations_report(run_of(doubtful, scale=0.1))
    )


def test_the_remedy_of_a_scenario_that_passed_is_left_to_the_documentation() -> None:
    passing = dataclasses.replace(THROUGHPUT, notes=("Remedy: alert on the lag.",))
    text = recommendations_report(run_of(passing))
    assert "alert on the lag" not in text
    assert "`docs/practice.md`" in text
    deviating = dataclasses.replace(passing, verdict=Verdict.DEVIATION)
    row = "| alert on the lag. | not measured | – | to do |"
    assert row in recommendations_report(run_of(deviating))


def test_the_documentation_has_every_remedy_that_a_scenario_records() -> None:
    documented = " ".join((ROOT / "docs" / "practice.md").read_text().split()).casefold()
    paths = (ROOT / "support" / "experiment").glob("*.py")
    found = [remedy for path in paths for remedy in remedies_in(path)]
    assert len(found) > 5
    assert [each for each in found if each.casefold() not in documented] == []


def remedies_in(path: Path) -> list[str]:
    """Returns the remedies among the strings of a module."""
    nodes = ast.walk(ast.parse(path.read_text()))
    strings = (node.value for node in nodes if isinstance(node, ast.Constant))
    return [
        each.removeprefix(REMEDY)
        for each in strings
        if isinstance(each, str) and each.startswith(REMEDY)
    ]


def test_there_are_at_most_ten_the_largest_effect_first() -> None:
    found = [Advice(f"finding {n}", "do", gain=n / 100) for n in range(12)]
    assert [each.finding for each in ordered(found)] == [f"finding {n}" for n in range(9, -1, -1)]


def test_advice_of_a_run_is_ordered_by_its_measured_effect() -> None:
    start = dataclasses.replace(
        THROUGHPUT,
        tags=("crash-start",),
        startups=({"first acknowledged": 14.7},),
        checks=(deviates(AFTER_CRASH, 14.7, "s", "below 10 s", "SC-002 wants 10 s"),),
    )
    quick = dataclasses.replace(
        start, tags=("short-session",), startups=({"first acknowledged": 7.0},), checks=()
    )
    consumer = dataclasses.replace(
        RESTART,
        verdict=Verdict.PASS,
        tags=("dynamic-member",),
        recovery=Recovery(None, None, None, consumer_restart_s=9.7),
        checks=(deviates(RESTART_TIME, 9.7, "s", "below 5 s", "SC-004 wants 5 s"),),
    )
    again = Recovery(None, None, None, consumer_restart_s=0.3)
    static = dataclasses.replace(consumer, tags=("static-member",), recovery=again, checks=())
    note = "Remedy: alert on free space."
    disk = dataclasses.replace(THROUGHPUT, verdict=Verdict.DEVIATION, notes=(note,))
    text = recommendations_report(run_of(disk, start, quick, consumer, static))
    first, second, third = (row for row in text.splitlines() if re.match(r"\| \d+ \|", row))
    assert "| 9.7 → 0.3 s" in first
    assert "to do by the teams of the consumers" in first
    assert "| 14.7 → 7.0 s" in second
    assert "alert on free space" in third


def test_a_setting_that_is_in_force_is_not_to_do() -> None:
    slow = dataclasses.replace(
        RESTART,
        verdict=Verdict.PASS,
        tags=("default-heartbeat",),
        recovery=Recovery(76.0, None, 90.0),
    )
    good = dataclasses.replace(
        slow, tags=("cdc-broker-crash",), recovery=Recovery(15.2, None, 90.0)
    )
    run = run_of(slow, good)
    worker = {"heartbeat.interval.ms": "20000", "session.timeout.ms": "30000"}
    about = dataclasses.replace(run.provenance, in_force={"worker": worker})
    text = recommendations_report(dataclasses.replace(run, provenance=about))
    (row,) = [line for line in text.splitlines() if line.startswith("| 1 |")]
    assert "`heartbeat.interval.ms`: 3000 → 20000" in row
    assert row.endswith("| in force in this run |")
    assert "76.0 → 15.2 s (1 crash each; noise not measured)" in row
    assert "| to do |" in recommendations_report(run)


def test_the_headroom_has_each_check_once_and_at_most_ten() -> None:
    checks = [
        Check(f"check {n}", Verdict.PASS, n, "s", "", limit=Limit(Operator.BELOW, 100, "s"))
        for n in range(12)
    ]
    high = dataclasses.replace(
        THROUGHPUT, checks=tuple(checks), promises=tuple(check.name for check in checks)
    )
    rooms = recommendations_report(run_of(high, high)).partition("## Headroom")[2]
    assert rooms.count(f"| {THROUGHPUT.name} |") == 10
    assert rooms.count("| check 11 |") == 1
    assert "| check 1 |" not in rooms
