"""The beginning of every document: which run, what was tested, and whether it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from support.report.words import MARKS
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict, worst
from support.results.units import counted

TARGETS = {
    "embedded": "started by this suite as processes on this machine",
    "compose": "started by this suite in containers",
    "attach": "a stack that was running already",
}
"""Target -> where the tested stack comes from."""


def heading(title: str, run: RunResult) -> list[str]:
    """Returns the lines of the title, the run, the stack under test, and every warning."""
    lines = [f"# {title}", "", f"{about(run)} Terms are explained in `glossary.md`.", ""]
    if run.trouble:
        lines += [f"> **The run as a whole:** {run.trouble}.", ""]
    if run.scale < 1:
        lines += [
            f"> **Not an acceptance result.** Durations and counts were scaled by {run.scale:g}.",
            "",
        ]
    if run.provenance.settings:
        changed = ", ".join(f"`{key}={value}`" for key, value in run.provenance.settings.items())
        lines += [f"Settings other than the default: {changed}.", ""]
    return lines


def about(run: RunResult) -> str:
    """Says which run this is, and what it tested."""
    versions, host = run.provenance.versions, run.provenance.host
    origin = TARGETS.get(run.target, "of unknown origin")
    size = "Full size" if run.scale >= 1 else f"Scaled by {run.scale:g}"
    return (
        f"Run `{run.run_id}`, {_period(run.started, run.ended)}. Tested: {_tested(versions)}, "
        f"{origin} (target {run.target}); {host.system}, {counted(host.cpus, 'cores')}, "
        f"{host.memory_bytes / 2**30:.0f} GiB. {size}."
    )


def _tested(versions: Mapping[str, str]) -> str:
    """Names the tested software, with the versions that are known."""
    names = {"kafka": "Kafka", "debezium": "Debezium"}
    return " and ".join(
        f"{name} {versions[key]}" if key in versions else f"{name} of a version that is not known"
        for key, name in names.items()
    )


def _period(started: str, ended: str) -> str:
    """Returns `2026-11-24 12:00 to 12:05 UTC`; the recorded texts if they are no times."""
    try:
        first, last = (datetime.fromisoformat(each).astimezone(UTC) for each in (started, ended))
    except ValueError:
        return f"{started} to {ended}"
    end = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M} to {end} UTC"


def verdict_line(scenarios: Sequence[ScenarioResult]) -> str:
    """Says the worst verdict of the scenarios that ran, and how many of them passed."""
    ran = [s for s in scenarios if s.verdict is not Verdict.SKIPPED]
    passed = sum(s.verdict in GREEN for s in ran)
    deviating = sum(s.verdict is Verdict.DEVIATION for s in ran)
    deviations = f", {deviating} of them with a deviation from the specification" * bool(deviating)
    skipped = len(scenarios) - len(ran)
    left_out = f"; {skipped} skipped" if skipped else ""
    verdict = MARKS[worst([s.verdict for s in ran])]
    return f"**{verdict}**: {passed} of {len(ran)} scenarios passed{deviations}{left_out}."
