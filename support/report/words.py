"""Figures and verdicts as readers see them in every document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from support.results.schema import GREEN, Check, RunResult, ScenarioResult, Verdict, worst

MARKS = {
    Verdict.PASS: "✅ PASS",
    Verdict.DEVIATION: "🔶 DEVIATION",
    Verdict.MEASURED: "📏 MEASURED",
    Verdict.FAIL: "❌ FAIL",
    Verdict.INCONCLUSIVE: "⚠️ INCONCLUSIVE",
    Verdict.SKIPPED: "⏭️ SKIPPED",
}


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or a dash where it was not measured or has too few samples."""
    return "–" if value is None else f"{value:,.{digits}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(in_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def in_cell(text: str) -> str:
    """What would end the cell or the row is told otherwise."""
    return " ".join(text.replace("|", "/").splitlines())


def heading(title: str, run: RunResult) -> list[str]:
    """What every report begins with: which run, and whether it counts."""
    about = run.provenance
    lines = [
        f"# {title}",
        "",
        f"Run `{run.run_id}`, {run.started} to {run.ended}, target {run.target}, "
        f"scale {run.scale:g}. Kafka {about.versions.get('kafka', '?')}, "
        f"Debezium {about.versions.get('debezium', '?')}; {about.host.system}, "
        f"{about.host.cpus} cores, {about.host.memory_bytes / 2**30:.0f} GiB.",
        "",
    ]
    if run.trouble:
        lines += [f"> **The run as a whole:** {run.trouble}.", ""]
    if run.scale < 1:
        lines += [
            f"> **Not an acceptance result.** Durations and counts were scaled by {run.scale:g}.",
            "",
        ]
    if about.settings:
        told = ", ".join(f"`{key}={value}`" for key, value in about.settings.items())
        lines += [f"Settings other than the default: {told}.", ""]
    return lines


def verdict_line(scenarios: Sequence[ScenarioResult]) -> str:
    """The worst verdict of what was run, and how many kept what they promise."""
    ran = [s for s in scenarios if s.verdict is not Verdict.SKIPPED]
    kept = sum(s.verdict in GREEN for s in ran)
    deviate = sum(s.verdict is Verdict.DEVIATION for s in ran)
    apart = f", {deviate} of them with a deviation from the specification" if deviate else ""
    left = f"; {len(scenarios) - len(ran)} left out" if len(ran) < len(scenarios) else ""
    verdict = MARKS[worst([s.verdict for s in ran])]
    return f"**{verdict}**: {kept} of {len(ran)} scenarios keep what they promise{apart}{left}."


def check_table(checks: Iterable[Check]) -> str:
    """Each check with its figure, what was wanted and the evidence."""
    rows = [
        (
            MARKS[check.verdict],
            check.name,
            "–" if check.measured is None else f"{check.measured} {check.unit}",
            check.objective,
            "; ".join(filter(None, (check.deviation, *check.evidence))),
        )
        for check in checks
    ]
    return table(("verdict", "check", "measured", "objective", "evidence"), rows)
