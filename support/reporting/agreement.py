"""Whether a document has what it must have, and says what was recorded.

Each function gives what is expected in the text, section by section, from the JSON alone: a figure
that was recorded and is not there, or is there otherwise, is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.reporting.charts.gallery import names
from support.reporting.words import MARKS, number
from support.results.schema import RunResult, ScenarioResult, Verdict

Expected = tuple[str, str, str]
"""Section (empty: anywhere), what it is, and the words that must be there."""


def of_performance(run: RunResult) -> Iterator[Expected]:
    """Throughput, percentiles and resources of every benchmark, and its chart."""
    for s in run.scenarios:
        if "performance" not in s.tags:
            continue
        yield s.name, "verdict", MARKS[s.verdict]
        if s.load and s.latency:
            yield s.name, "throughput", f"achieved {number(s.load.achieved_rate_per_s)}/s"
            ack = s.latency.intended_to_ack if s.load.target_rate_per_s else s.latency.send_to_ack
            for name, value in (("p50", ack.p50_ms), ("p95", ack.p95_ms), ("p99", ack.p99_ms)):
                yield s.name, name, f"| {number(value)} |"
        for part, usage in s.resources.items():
            yield s.name, f"memory of {part}", f"{usage.memory_max_bytes / 2**20:,.0f}"
            yield s.name, f"CPU of {part}", f"| {number(usage.cpu_p95_cores)} |"
            if usage.disk_bytes is not None:
                yield s.name, f"disk of {part}", f"{usage.disk_bytes / 2**20:,.0f}"
        for kind, chart in names(s).items():
            yield s.name, f"chart of {kind}", f"]({chart})"
        yield from _checks(s)


def of_delivery(run: RunResult) -> Iterator[Expected]:
    """Loss, duplicates and recovery of every failure scenario."""
    for s in run.scenarios:
        if not {"delivery", "edge"} & set(s.tags):
            continue
        yield s.name, "verdict", MARKS[s.verdict]
        line = f"| {MARKS[s.verdict]} | {s.name} |"
        if s.delivery:
            d, r = s.delivery, s.recovery
            counts = (d.attempted, d.acked, d.unknown, d.lost, d.received)
            yield "", f"losses of {s.name}", line + "".join(f" {number(c, 0)} |" for c in counts)
            for name, value in (("ready", r.ready_s), ("stall", r.stall_s)) if r else ():
                yield "", f"{name} of {s.name}", f" {number(value)} |"
        if s.cdc:
            changes = (s.cdc.committed_changes, s.cdc.unknown_changes, s.cdc.missing)
            yield "", f"losses of {s.name}", line + "".join(f" {number(c, 0)} |" for c in changes)
        for fault in s.faults:
            yield s.name, f"proof of {fault.name}", fault.proofs[0] if fault.proofs else "Proofs"
        yield from _checks(s)


def of_recommendations(run: RunResult) -> Iterator[Expected]:
    """Whatever is broken, and every remedy that a scenario documents."""
    broken = [
        (s, check) for s in run.scenarios for check in s.checks
        if check.verdict is Verdict.FAIL and check.name in s.promises
    ]  # fmt: skip
    for s, check in broken:
        yield "", f"finding of {s.name}", f"{check.name}: {check.measured} {check.unit} ({s.name})"
    remedies = {note for s in run.scenarios for note in s.notes if note.startswith("Remedy: ")}
    for remedy in remedies:
        yield "", "remedy", remedy.removeprefix("Remedy: ").replace("|", "/")
    if not broken:
        yield "", "headroom", "## Headroom"


def missing(text: str, expected: list[Expected]) -> list[str]:
    """What is expected and not there, for people."""
    sections = {part.splitlines()[0]: part for part in f"\n{text}".split("\n## ")[1:]}
    return [
        f"{section or 'the document'}: {what}, wanted '{words}'"
        for section, what, words in expected
        if words not in (sections.get(section, "") if section else text)
    ]


def _checks(s: ScenarioResult) -> Iterator[Expected]:
    for check in s.checks:
        measured = "–" if check.measured is None else f"{check.measured} {check.unit}"
        words = f"| {MARKS[check.verdict]} | {check.name} | {measured} |"
        yield s.name, f"check {check.name}", words
