"""The sentence on top of index.html, and what it says to decide."""

from __future__ import annotations

import dataclasses

from support.checks.latency import P95
from support.report import tags
from support.report.page.answer import answer
from support.report.page.attention import attention
from support.report.page.bars import closest, stalls
from support.report.page.stories import by_story
from support.report.requirements import REQUIREMENTS
from support.results.limit import Limit, Operator
from support.results.recovery import Recovery
from support.results.schema import Check, RunResult, ScenarioResult, Verdict
from tests.report.more_examples import AFTER_CRASH, SKIPPED
from tests.results.examples import RESTART, RUN, SCALED, THROUGHPUT

JUDGED = dataclasses.replace(
    THROUGHPUT,
    tags=(tags.THROUGHPUT, *THROUGHPUT.tags),
    checks=(Check(P95, Verdict.PASS, 6.25, "ms", "", limit=Limit(Operator.BELOW, 100, "ms")),),
)
assert RESTART.delivery
COMPLETE = dataclasses.replace(
    RESTART,
    verdict=Verdict.PASS,
    reason="",
    checks=(),
    delivery=dataclasses.replace(RESTART.delivery, lost=0),
)
EVERYTHING = dataclasses.replace(COMPLETE, tags=tuple(REQUIREMENTS))
"""Stands for a run that proves every requirement."""


def run_of(verdict: Verdict, *scenarios: ScenarioResult) -> RunResult:
    return dataclasses.replace(RUN, verdict=verdict, scenarios=scenarios)


def test_a_run_that_passed_is_one_sentence() -> None:
    run = run_of(Verdict.PASS, JUDGED, EVERYTHING, AFTER_CRASH, SKIPPED)
    assert answer(run) == (
        "Kafka carries the load: 1,000 messages/s at p95 6.2 ms (limit 100 ms); nothing lost in 1 "
        "fault; 1 scenario deviates from the specification; 1 scenario could not run here."
    )
    assert answer(run_of(Verdict.PASS, EVERYTHING)) == "Kafka passes: nothing lost in 1 fault."


def test_a_run_of_some_requirements_does_not_say_that_kafka_passes() -> None:
    assert answer(run_of(Verdict.PASS, COMPLETE, SKIPPED)) == (
        "1 of 1 scenarios pass; 39 of 42 requirements were not part of this run. Nothing lost in 1 "
        "fault; 1 scenario could not run here."
    )


def test_only_faults_of_scenarios_that_count_losses_are_in_the_sentence() -> None:
    during_the_snapshot = dataclasses.replace(EVERYTHING, name="during", delivery=None)
    run = run_of(Verdict.PASS, EVERYTHING, during_the_snapshot)
    assert answer(run) == "Kafka passes: nothing lost in 1 fault."


def test_a_loss_a_failure_and_a_doubt_are_said() -> None:
    assert answer(run_of(Verdict.FAIL, JUDGED, RESTART)) == (
        "Kafka does not pass, 1 of 2 scenarios failed. 1,000 messages/s at p95 6.2 ms (limit 100 "
        "ms); 2 messages or changes lost in 1 fault."
    )
    assert COMPLETE.delivery
    unread = dataclasses.replace(
        COMPLETE,
        verdict=Verdict.INCONCLUSIVE,
        delivery=dataclasses.replace(COMPLETE.delivery, lost=None),
    )
    assert answer(run_of(Verdict.INCONCLUSIVE, unread)) == (
        "Not decided, 1 of 1 scenarios could not be measured. Nothing lost in 1 fault, "
        "not counted in 1 scenario."
    )
    assert answer(SCALED).startswith("Not an acceptance result (scale ")


def test_what_needs_attention_comes_by_severity_with_its_remedy() -> None:
    again = dataclasses.replace(AFTER_CRASH, name="The same once more")
    items = attention(run_of(Verdict.FAIL, SKIPPED, AFTER_CRASH, again, RESTART))
    assert [item.verdict for item in items] == [
        Verdict.FAIL,
        Verdict.DEVIATION,
        Verdict.SKIPPED,
    ]
    assert [s.name for s in items[1].scenarios] == [AFTER_CRASH.name, again.name]
    assert "broker.session.timeout.ms: 9000 → 3000" in items[1].do


def test_every_scenario_belongs_to_one_story() -> None:
    bare = dataclasses.replace(THROUGHPUT, tags=())
    found = by_story(run_of(Verdict.PASS, THROUGHPUT, RESTART, bare))
    assert [(story.name, len(scenarios)) for story, scenarios in found] == [
        ("US1", 1),
        ("US2", 1),
        ("–", 1),
    ]


def test_a_figure_and_a_repeated_scenario_count_once_at_their_worst() -> None:
    crashes = [
        dataclasses.replace(
            COMPLETE, name=f"Crash [{n} of 2]", recovery=Recovery(stall, None, stall)
        )
        for n, stall in ((1, 9.0), (2, 18.0))
    ]
    shorter = dataclasses.replace(COMPLETE, name="Cut", recovery=Recovery(4.5, None, 4.5))
    run = run_of(Verdict.PASS, shorter, *crashes, JUDGED, AFTER_CRASH)
    assert [(bar.value, bar.width, s.name) for bar, s in stalls(run, 5)] == [
        ("18.0 s", 100, "Crash [2 of 2]"),
        ("4.5 s", 25, "Cut"),
    ]
    required = dataclasses.replace(JUDGED, promises=(P95,))
    slower = dataclasses.replace(
        required, checks=(dataclasses.replace(JUDGED.checks[0], measured=80.0),)
    )
    found = closest(run_of(Verdict.PASS, slower, required), 5)
    assert [(bar.used, s) for bar, s in found] == [("80%", slower)]
    informing = dataclasses.replace(JUDGED, promises=())
    assert closest(run_of(Verdict.PASS, informing), 5) == []


def test_features_are_in_the_order_of_the_specification() -> None:
    tagged = {
        "restart": ("US2.2", "DELIV-2"),
        "control": ("delivery",),
        "partition": ("US2.1", "DELIV-3"),
        "broker": ("US2.1", "DELIV-1"),
    }
    scenarios = [
        dataclasses.replace(COMPLETE, feature=name, name=name, tags=(*found, "delivery"))
        for name, found in tagged.items()
    ]
    ((_, found),) = by_story(run_of(Verdict.PASS, *scenarios))
    assert [s.feature for s in found] == ["broker", "partition", "restart", "control"]
