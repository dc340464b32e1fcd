"""Advice that follows from findings of a run; each rule looks for one kind of finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from support.checks.cdc_help import NAME as WITHOUT_HELP
from support.checks.resumption import RESTART
from support.checks.startup import AFTER_CRASH
from support.report import tags
from support.report.headline import check_of, tagged
from support.report.sections.notes import remedies
from support.report.sections.startups import acked_s
from support.report.words import NOT_MEASURED
from support.results.recovery import Recovery
from support.results.schema import RunResult, ScenarioResult, Verdict
from support.results.units import counted

WAITED = re.compile(r"worker was restarted after (\d+) s without a change")
"""How the check `back without help` records that the suite restarted the worker."""
NOT_TRIED, NO_EFFECT = "not tried in this run", "not measured"
LONG_OUTAGE_S = 60.0
"""Database changes that arrive later than this after a crash of the broker are a finding."""
TO_DO, IN_FORCE = "to do", "in force in this run"
BY_CONSUMERS = "to do by the teams of the consumers"

SESSION = {
    "broker.session.timeout.ms": ("9000", "3000"),
    "broker.heartbeat.interval.ms": ("2000", "1000"),
}
"""Setting of the broker -> Kafka's default, and the value that is advised."""
HEARTBEAT = {
    "heartbeat.interval.ms": ("3000", "20000"),
    "session.timeout.ms": ("10000", "30000"),
}
"""Setting of the Connect worker -> Kafka Connect's default, and the value that is advised."""


@dataclass(frozen=True)
class Advice:
    """A `finding` with its figure; what to `do`; the `effect` that was measured, and the `cost`.

    `gain`: the share by which the figure gets better, 0 where that was not measured. `state`:
    whether it is to do. `settings`: as -D options, to find the same advice of `make tune`.
    `scenarios`: those that a rule of its own made the finding from.
    """

    finding: str
    do: str
    effect: str = NO_EFFECT
    cost: str = NOT_MEASURED
    state: str = TO_DO
    gain: float = 0.0
    settings: Mapping[str, str] = field(default_factory=dict)
    scenarios: tuple[str, ...] = ()


def advice(run: RunResult) -> list[Advice]:
    """Returns what follows from findings of this run; empty when nothing calls for a change."""
    return [each for rule in RULES for each in rule(run)]


def _session_timeout_of_brokers(run: RunResult) -> Iterator[Advice]:
    slow, quick = _starts(run, tags.CRASH_START), _starts(run, tags.SHORT_SESSION)
    if slow and _missed(run, tags.CRASH_START, AFTER_CRASH):
        before, after = max(slow), max(quick, default=None)
        times = f"slowest of {counted(len(slow), 'starts')} without and {len(quick)} with it"
        yield Advice(
            f"a crashed broker is ready after {before:.1f} s: it waits until its session from "
            "before the crash has timed out",
            _changed(run, "broker", SESSION),
            _effect(before, after, times),
            "a broker that hangs for more than 3 s is cut off until it answers again",
            gain=_gain(before, after),
            settings={f"broker.{key}": new for key, (_, new) in SESSION.items()},
            scenarios=_names(run, tags.CRASH_START),
        )


def _heartbeat_of_connect(run: RunResult) -> Iterator[Advice]:
    default = _first_recovered(run, tags.DEFAULT_HEARTBEAT)
    tuned = _first_recovery(run, tags.CDC_BROKER_CRASH)
    before = default.recovery.recovery_s if default and default.recovery else None
    after = tuned.recovery_s if tuned else None
    if default and before and before > LONG_OUTAGE_S:
        worker = run.provenance.in_force.get("worker", {})
        done = all(worker.get(key) == new for key, (_, new) in HEARTBEAT.items())
        yield Advice(
            f"with Kafka Connect's default heartbeat {_first_change(default, before)}",
            f"in the Connect worker: {_pairs(HEARTBEAT)}",
            _effect(before, after, "1 crash each"),
            "a worker that is killed is missed only after up to 30 s",
            IN_FORCE if done else TO_DO,
            _gain(before, after),
            scenarios=_names(run, tags.DEFAULT_HEARTBEAT),
        )


def _static_members(run: RunResult) -> Iterator[Advice]:
    dynamic = _first_recovery(run, tags.DYNAMIC_MEMBER)
    static = _first_recovery(run, tags.STATIC_MEMBER)
    before = dynamic.consumer_restart_s if dynamic else None
    after = static.consumer_restart_s if static else None
    if before is not None and _missed(run, tags.DYNAMIC_MEMBER, RESTART):
        yield Advice(
            f"a crashed consumer processes again after {before:.1f} s: its group waits until its "
            "session has timed out (by default Kafka waits 45 s)",
            "`group.instance.id`: not set → one for each consumer (static membership)",
            _effect(before, after, "1 crash each"),
            "if the crashed consumer never returns, its messages wait for the whole session "
            "timeout",
            BY_CONSUMERS,
            _gain(before, after),
            scenarios=_names(run, tags.DYNAMIC_MEMBER),
        )


def documented_behaviour(run: RunResult) -> Iterator[Advice]:
    """Returns the remedies of scenarios that did not simply pass, each once."""
    seen = set()
    for scenario in (s for s in run.scenarios if s.verdict is not Verdict.PASS):
        for remedy in remedies(scenario):
            if remedy not in seen:
                seen.add(remedy)
                yield Advice(_behaviour(scenario), remedy)


def _behaviour(scenario: ScenarioResult) -> str:
    deviations = [check.deviation for check in scenario.checks if check.deviation]
    return " ".join(deviations) or f"{scenario.verdict.value}: {scenario.name}"


RULES: tuple[Callable[[RunResult], Iterator[Advice]], ...] = (
    _session_timeout_of_brokers,
    _heartbeat_of_connect,
    _static_members,
    documented_behaviour,
)


def _changed(run: RunResult, part: str, settings: Mapping[str, tuple[str, str]]) -> str:
    """Writes each setting with the value that is in force in this run, and the advised one."""
    in_force = run.provenance.in_force.get(part, {})
    return _pairs({key: (in_force.get(key, old), new) for key, (old, new) in settings.items()})


def _pairs(settings: Mapping[str, tuple[str, str]]) -> str:
    return ", ".join(f"`{key}`: {old} → {new}" for key, (old, new) in settings.items())


def _effect(before: float, after: float | None, times: str) -> str:
    """Writes a measured effect; a run measures too few times to know its noise."""
    if after is None:
        return NOT_TRIED
    return f"{before:.1f} → {after:.1f} s ({times}; noise not measured)"


def _gain(before: float, after: float | None) -> float:
    return 0.0 if after is None or not before else 1 - after / before


def _names(run: RunResult, tag: str) -> tuple[str, ...]:
    return tuple(scenario.name for scenario in tagged(run, tag))


def _missed(run: RunResult, tag: str, check: str) -> bool:
    """Whether a scenario with this tag missed the limit of this check."""
    found = [judged for s in tagged(run, tag) if (judged := check_of(s, check))]
    return any(each.verdict in (Verdict.DEVIATION, Verdict.FAIL) for each in found)


def _starts(run: RunResult, tag: str) -> list[float]:
    return [seconds for s in tagged(run, tag) for seconds in acked_s(s)]


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
