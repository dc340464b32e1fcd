"""Advice that follows from findings of a run; each rule looks for one kind of finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from support.checks.cdc_help import NAME as WITHOUT_HELP
from support.checks.resumption import RESTART
from support.checks.startup import AFTER_CRASH
from support.errors import Explained
from support.report import tags
from support.report.accepted import figure_text, worse_than_accepted
from support.report.figures import parts_of
from support.report.headline import check_of, tagged
from support.report.sections.notes import remedies
from support.report.sections.startups import acked_s
from support.report.words import NOT_MEASURED, measured
from support.results.recovery import Recovery
from support.results.schema import Check, RunResult, ScenarioResult, Verdict

HEAD = ("finding in this run", "what to do", "effect", "risk")
"""Columns of the table of advice."""
WAITED = re.compile(r"worker was restarted after (\d+) s without a change")
"""How the check `back without help` records that the suite restarted the worker."""
NOT_TRIED = "not tried in this run"
LONG_OUTAGE_S = 60.0
"""Database changes that arrive later than this after a crash of the broker are a finding."""


@dataclass(frozen=True)
class Advice:
    """`finding` with its figure and scenario; what to `do`; the measured `effect`; the `risk`.

    `scenarios`: those that a rule of its own made the finding from.
    """

    finding: str
    do: str
    effect: str
    risk: str = NOT_MEASURED
    scenarios: tuple[str, ...] = ()


def advice(run: RunResult) -> list[Advice]:
    """Returns what follows from findings of this run; empty when nothing calls for a change."""
    return [each for rule in RULES for each in rule(run)]


def failed_requirements(run: RunResult) -> Iterator[tuple[ScenarioResult, Check]]:
    """Returns each required check that failed, with its scenario."""
    for scenario in run.scenarios:
        for check in scenario.checks:
            if check.verdict is Verdict.FAIL and check.name in scenario.promises:
                yield scenario, check


def _failures(run: RunResult) -> Iterator[Advice]:
    for scenario, check in failed_requirements(run):
        evidence = "; ".join(check.evidence[:2])
        yield Advice(
            f"{check.name}: {measured(check)} ({scenario.name})",
            f"do not go live before this is understood{f': {evidence}' if evidence else ''}",
            f"expected: {check.objective}",
        )


def _regressions(run: RunResult) -> Iterator[Advice]:
    try:
        worse = worse_than_accepted(run)
    except Explained:
        # comparison.md reports it.
        return
    for each in worse:
        scenario, figure = parts_of(each.key)
        now, before = figure_text(each.now), figure_text(each.base)
        yield Advice(
            f"{figure}: {now}, in the accepted baseline {before} ({scenario})",
            "find what changed since (settings and versions are in run.json, provenance); repeat "
            "with -D repeat=3 before you act on it",
            f"expected: not worse by more than {each.noise:.0%}",
        )


def _session_timeout_of_brokers(run: RunResult) -> Iterator[Advice]:
    slow, quick = (_slowest_start(run, t) for t in (tags.CRASH_START, tags.SHORT_SESSION))
    if slow is not None and _missed(run, tags.CRASH_START, AFTER_CRASH):
        yield Advice(
            f"a crashed broker is ready after {slow:.1f} s: it waits until its session from before "
            "the crash has timed out",
            "broker.session.timeout.ms=3000 and broker.heartbeat.interval.ms=1000",
            _effect(quick),
            "a broker that hangs for more than 3 s is cut off until it answers again",
            _names(run, tags.CRASH_START),
        )


def _heartbeat_of_connect(run: RunResult) -> Iterator[Advice]:
    default = _first_recovered(run, tags.DEFAULT_HEARTBEAT)
    tuned = _first_recovery(run, tags.CDC_BROKER_CRASH)
    seconds = default.recovery.recovery_s if default and default.recovery else None
    if default and seconds and seconds > LONG_OUTAGE_S:
        yield Advice(
            f"with Kafka Connect's default heartbeat {_first_change(default, seconds)}",
            "in the Connect worker: heartbeat.interval.ms=20000 and session.timeout.ms=30000 "
            "(baseline/ has them)",
            _effect(tuned.recovery_s if tuned else None),
            "a worker that is killed is missed only after up to 30 s",
            _names(run, tags.DEFAULT_HEARTBEAT),
        )


def _static_members(run: RunResult) -> Iterator[Advice]:
    dynamic = _first_recovery(run, tags.DYNAMIC_MEMBER)
    static = _first_recovery(run, tags.STATIC_MEMBER)
    slow = dynamic.consumer_restart_s if dynamic else None
    if slow is not None and _missed(run, tags.DYNAMIC_MEMBER, RESTART):
        yield Advice(
            f"a crashed consumer processes again after {slow:.1f} s: its group waits until its "
            "session has timed out (by default Kafka waits 45 s)",
            "group.instance.id for every consumer (static membership)",
            _effect(static.consumer_restart_s if static else None),
            "if the crashed consumer never returns, its messages wait for the whole session "
            "timeout",
            _names(run, tags.DYNAMIC_MEMBER),
        )


def documented_behaviour(run: RunResult) -> Iterator[Advice]:
    """Returns the remedies of scenarios that did not simply pass, each once."""
    seen = set()
    for scenario in (s for s in run.scenarios if s.verdict is not Verdict.PASS):
        for remedy in remedies(scenario):
            if remedy not in seen:
                seen.add(remedy)
                yield Advice(_behaviour(scenario), remedy, "not measured")


def _behaviour(scenario: ScenarioResult) -> str:
    deviations = [check.deviation for check in scenario.checks if check.deviation]
    return " ".join(deviations) or f"{scenario.verdict.value}: {scenario.name}"


RULES: tuple[Callable[[RunResult], Iterator[Advice]], ...] = (
    _failures,
    _regressions,
    _session_timeout_of_brokers,
    _heartbeat_of_connect,
    _static_members,
    documented_behaviour,
)


def _effect(seconds: float | None) -> str:
    return NOT_TRIED if seconds is None else f"measured in this run: {seconds:.1f} s"


def _names(run: RunResult, tag: str) -> tuple[str, ...]:
    return tuple(scenario.name for scenario in tagged(run, tag))


def _missed(run: RunResult, tag: str, check: str) -> bool:
    """Whether a scenario with this tag missed the limit of this check."""
    found = [judged for s in tagged(run, tag) if (judged := check_of(s, check))]
    return any(each.verdict in (Verdict.DEVIATION, Verdict.FAIL) for each in found)


def _slowest_start(run: RunResult, tag: str) -> float | None:
    return max((seconds for s in tagged(run, tag) for seconds in acked_s(s)), default=None)


def _first_change(scenario: ScenarioResult, seconds: float) -> str:
    """Says when the first change arrived, and whether the suite had to restart the worker first."""
    check = check_of(scenario, WITHOUT_HELP)
    waited = WAITED.search("\n".join(check.evidence)) if check else None
    if waited:
        return (
            f"no change arrived for {waited[1]} s after a crashed broker was started again; after "
            f"the suite restarted the worker, the first came at {seconds:.0f} s"
        )
    return (
        f"the first new database change arrives {seconds:.0f} s after a crashed broker is started "
        "again"
    )


def _first_recovery(run: RunResult, tag: str) -> Recovery | None:
    found = _first_recovered(run, tag)
    return found.recovery if found else None


def _first_recovered(run: RunResult, tag: str) -> ScenarioResult | None:
    return next((s for s in tagged(run, tag) if s.recovery), None)
