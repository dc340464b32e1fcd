"""The few figures that somebody with one minute wants to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from support.checks.cdc_changes import NAME as MISSING
from support.checks.latency import P95
from support.checks.lost import NAME as LOST
from support.checks.resources import MEMORY
from support.checks.resumption import RESTART
from support.checks.startup import AFTER_CRASH, STARTUP
from support.report.occasions import faults_of
from support.report.words import number
from support.results.schema import Check, RunResult, ScenarioResult, Verdict, worst


@dataclass(frozen=True)
class Headline:
    """`value` with its unit, and what it is about; `verdict` of the scenarios it comes from, or of
    the checks that judge just this value."""

    what: str
    value: str
    wanted: str
    verdict: Verdict


STARTS = {
    "cold-start": "cold start",
    "warm-start": "warm start",
    "crash-start": "start after a crash",
}
"""Tag of a scenario -> the start that it measures."""


def headlines(run: RunResult) -> list[Headline]:
    """Of what the run measured, in the order of the specification."""
    return [each for rule in RULES for each in rule(run)]


def _throughput(run: RunResult) -> Iterator[Headline]:
    for s in _with(run, "BENCH-1"):
        if s.load and s.latency:
            rate, p95 = s.load.throughput_per_s, s.latency.intended_to_ack.p95_ms
            target = number(s.load.target_rate_per_s, 0)
            yield Headline("messages a second", number(rate, 0), target, s.verdict)
            yield Headline("latency p95", f"{number(p95, 1)} ms", _wanted(P95, [s]), s.verdict)


def _start(run: RunResult) -> Iterator[Headline]:
    for tag, what in STARTS.items():
        for s in _with(run, tag):
            if s.startups:
                slowest = max(start["first acknowledged"] for start in s.startups)
                wanted = _wanted(STARTUP, [s]) or _wanted(AFTER_CRASH, [s])
                yield Headline(what, f"{slowest:.1f} s", wanted, s.verdict)


def _snapshot(run: RunResult) -> Iterator[Headline]:
    for s in _with(run, "SC-005"):
        broker = s.resources.get("broker")
        if s.snapshot and broker:
            rows = sum(s.snapshot.rows.values())
            memory = f"{broker.memory_max_bytes / 1e9:.2f} GB"
            told = f"broker memory in a snapshot of {rows:,} rows"
            yield Headline(told, memory, _wanted(MEMORY, [s]), s.verdict)


def _losses(run: RunResult) -> Iterator[Headline]:
    loads = [s for s in run.scenarios if s.delivery]
    if loads:
        acked = sum(s.delivery.acked for s in loads if s.delivery)
        lost = [s.delivery.lost for s in loads if s.delivery]
        told = f"lost of {acked:,} acknowledged{_through(loads)}"
        yield Headline(told, _sum(lost), "0", _worst_of(LOST, loads))
    rows = [s for s in run.scenarios if s.cdc]
    if rows:
        changes = sum(s.cdc.committed_changes for s in rows if s.cdc)
        missing = [s.cdc.missing for s in rows if s.cdc]
        told = f"missing of {changes:,} database changes{_through(rows)}"
        yield Headline(told, _sum(missing), "0", _worst_of(MISSING, rows))


def _recovery(run: RunResult) -> Iterator[Headline]:
    found = [s for s in _with(run, "DELIV-1") if s.recovery and s.recovery.recovery_s is not None]
    if found:
        slowest = max(s.recovery.recovery_s or 0.0 for s in found if s.recovery)
        told = "recovery after a broker's restart"
        yield Headline(told, f"at most {slowest:.1f} s", "no limit", _worst(found))


def _restart(run: RunResult) -> Iterator[Headline]:
    """The recovery of restarted consumers, of scenarios that judge it."""
    found = [s for s in _with(run, "SC-004") if _check(RESTART, s)]
    times = [s.recovery.consumer_restart_s for s in found if s.recovery]
    known = [seconds for seconds in times if seconds is not None]
    if known:
        told = "recovery of a restarted consumer"
        wanted, verdict = _wanted(RESTART, found), _worst_of(RESTART, found)
        yield Headline(told, f"at most {max(known):.1f} s", wanted, verdict)


RULES: tuple[Callable[[RunResult], Iterator[Headline]], ...] = (
    _throughput,
    _start,
    _snapshot,
    _losses,
    _recovery,
    _restart,
)


def _with(run: RunResult, tag: str) -> list[ScenarioResult]:
    return [s for s in run.scenarios if tag in s.tags and s.verdict is not Verdict.SKIPPED]


def _through(scenarios: list[ScenarioResult]) -> str:
    """The unit of what was tried is the fault, not the record."""
    faults = sum(map(faults_of, scenarios))
    return f", through {faults} fault{'s' * (faults > 1)}" if faults else ""


def _sum(counts: list[int | None]) -> str:
    """A dash when any of them could not be counted."""
    known = [count for count in counts if count is not None]
    return number(sum(known) if len(known) == len(counts) else None, 0)


def _wanted(name: str, scenarios: list[ScenarioResult]) -> str:
    """The limit of this check; its objective where a run of an old schema has no limits."""
    checks = [check for s in scenarios if (check := _check(name, s))]
    return next((str(c.limit) if c.limit else c.objective for c in checks), "")


def _worst(scenarios: list[ScenarioResult]) -> Verdict:
    return worst([s.verdict for s in scenarios])


def _worst_of(name: str, scenarios: list[ScenarioResult]) -> Verdict:
    """The verdict of this check alone; a scenario that did not get as far has its own verdict."""
    checks = [_check(name, s) for s in scenarios]
    return worst([c.verdict if c else s.verdict for c, s in zip(checks, scenarios, strict=True)])


def _check(name: str, s: ScenarioResult) -> Check | None:
    return next((check for check in s.checks if check.name == name), None)
