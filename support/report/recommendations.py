"""recommendations.md: advice that follows from a finding of this run, and what has headroom.

A rule looks for its finding in the recorded figures; without a finding it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from support.errors import Explained
from support.report.compare import worse_than_accepted
from support.report.limits import used_share, without_limits
from support.report.tuning import improvements, measured, tuning_section
from support.report.words import heading, number, table
from support.results.schema import RunResult, ScenarioResult, Verdict
from support.results.tuning import Tuning


@dataclass(frozen=True)
class Advice:
    """`finding` with its figure and scenario; what to `do`; the `effect` to expect, measured where
    this run tried it; the `risk`."""

    finding: str
    do: str
    effect: str
    risk: str


def recommendations_report(run: RunResult, tuning: Tuning | None = None) -> str:
    """Advice first, then the distance to each limit, and what a sweep of settings found."""
    lines = heading("Recommendations", run)
    advice = [each for rule in RULES for each in rule(run)]
    advice += _tuned(tuning) if tuning else []
    head = ("finding in this run", "what to do", "effect", "risk")
    rows = [(a.finding, a.do, a.effect, a.risk) for a in advice]
    lines += [table(head, rows) if rows else "Nothing in this run calls for a change.", ""]
    lines += ["## Headroom", "", _headroom(run)]
    lines += ["", *tuning_section(tuning)] if tuning else []
    return "\n".join([*lines, ""])


def _tuned(tuning: Tuning) -> Iterator[Advice]:
    for tried, better in improvements(tuning):
        do = ", ".join(f"-D {key}={value}" for key, value in tried.settings.items())
        name = better[0].figure.split(" | ", 1)[0]
        figures = ", ".join(each.figure.split(" | ", 1)[1] for each in better)
        yield Advice(
            f"{figures} can be better: {tried.hope} ({name})", do, measured(better), tried.risk
        )


def _broken_promises(run: RunResult) -> Iterator[Advice]:
    for scenario in run.scenarios:
        for check in scenario.checks:
            if check.verdict is Verdict.FAIL and check.name in scenario.promises:
                yield Advice(
                    f"{check.name}: {check.measured} {check.unit} ({scenario.name})",
                    f"do not go on before this is understood: {'; '.join(check.evidence[:2])}",
                    f"wanted: {check.objective}",
                    "none",
                )


def _regressions(run: RunResult) -> Iterator[Advice]:
    try:
        worse = worse_than_accepted(run)
    except Explained:
        # comparison.md says so.
        return
    for each in worse:
        scenario, figure = each.name.split(" | ", 1)
        before, now = (f"{number(f.median)} {f.unit}" for f in (each.base, each.now))
        yield Advice(
            f"{figure}: {now}, in the accepted baseline {before} ({scenario})",
            "find what changed since (settings and versions are in run.json, provenance); repeat "
            "with -D repeat=3 before you act on it",
            f"wanted: not worse by more than {each.noise:.0%}",
            "none",
        )


def _session_lease(run: RunResult) -> Iterator[Advice]:
    slow = _slowest_start(run, "crash-start")
    short = _slowest_start(run, "short-session")
    if slow and slow > 10:
        measured = f"measured in this run: {short:.1f} s" if short else "not tried in this run"
        yield Advice(
            f"a broker that crashed is ready after {slow:.1f} s: it waits out its session lease",
            "broker.session.timeout.ms=3000 and broker.heartbeat.interval.ms=1000",
            measured,
            "a pause of the process of more than 3 s fences the broker",
        )


def _connect_heartbeat(run: RunResult) -> Iterator[Advice]:
    default = _recovery(run, "default-heartbeat")
    tuned = _recovery(run, "cdc-broker-crash")
    if default and default > 60:
        yield Advice(
            f"with Kafka Connect's default heartbeat changes arrive again {default:.0f} s after a "
            "crash of the broker has begun to heal, a restart of the worker included",
            "heartbeat.interval.ms=20000 and session.timeout.ms=30000 in the Connect worker (as in "
            "baseline/)",
            f"measured in this run: {tuned:.1f} s" if tuned else "not tried in this run",
            "a worker that is killed is missed for up to 30 s",
        )


def _static_members(run: RunResult) -> Iterator[Advice]:
    dynamic = _consumer_restart(run, "dynamic-member")
    static = _consumer_restart(run, "static-member")
    if dynamic and dynamic > 5:
        yield Advice(
            f"a consumer that crashed is back after {dynamic:.1f} s: its group waits "
            "for its session to end, which Kafka's default makes 45 s",
            "group.instance.id for every consumer (static membership)",
            f"measured in this run: {static:.1f} s" if static else "not tried in this run",
            "partitions of a consumer that never comes back wait for its whole session",
        )


def _notes(run: RunResult) -> Iterator[Advice]:
    """Scenarios that documented a behaviour carry its remedy."""
    seen = set()
    for scenario in run.scenarios:
        for note in scenario.notes:
            if note.startswith("Remedy: ") and note not in seen:
                seen.add(note)
                yield Advice(
                    f"{scenario.name}: {scenario.verdict.value}, as documented in delivery.md",
                    note.removeprefix("Remedy: "),
                    "expected, not measured: the case does not come, or is seen in time",
                    "not looked into by this run",
                )


RULES: tuple[Callable[[RunResult], Iterator[Advice]], ...] = (
    _broken_promises,
    _regressions,
    _session_lease,
    _connect_heartbeat,
    _static_members,
    _notes,
)


def _headroom(run: RunResult) -> str:
    """The table of how much of each limit is used, the fullest first, or why there is none."""
    if reason := without_limits(run):
        return reason
    found = [
        (used, scenario, check)
        for scenario in run.scenarios
        for check in scenario.checks
        if (used := used_share(check)) is not None
    ]
    rows = []
    for used, scenario, check in sorted(found, key=lambda each: -each[0]):
        figure = f"{number(float(check.measured or 0))} {check.unit}"
        mark = f"{used:.0%}" + (", deviation" if check.verdict is Verdict.DEVIATION else "")
        rows.append((scenario.name, check.name, figure, check.objective, mark))
    columns = ("scenario", "figure", "measured", "limit", "used")
    return table(columns, rows) if rows else "No figure that has a limit was measured."


def _find(run: RunResult, tag: str) -> ScenarioResult | None:
    return next((s for s in run.scenarios if tag in s.tags), None)


def _slowest_start(run: RunResult, tag: str) -> float | None:
    found = _find(run, tag)
    times = [start["first acknowledged"] for start in found.startups] if found else []
    return max(times, default=None)


def _recovery(run: RunResult, tag: str) -> float | None:
    found = _find(run, tag)
    return found.recovery.recovery_s if found and found.recovery else None


def _consumer_restart(run: RunResult, tag: str) -> float | None:
    found = _find(run, tag)
    return found.recovery.consumer_restart_s if found and found.recovery else None
