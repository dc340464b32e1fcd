"""Whether a document has what it must have, and says what was recorded.

Each function gives what is expected in the text, section by section, from the JSON alone: a figure
that was recorded and is not there, or is there otherwise, is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.report.charts.gallery import names
from support.report.limits import used_share
from support.report.occasions import times_of
from support.report.words import MARKS, in_cell, number
from support.results.measurements import Latency, Load
from support.results.schema import RunResult, ScenarioResult, Verdict

Expected = tuple[str, str, str]
"""Where, what it is, and the words that must be there. Where: a section's title, a row
of a table that has this cell (`| name |`), or anywhere (empty)."""


def of_performance(run: RunResult) -> Iterator[Expected]:
    """Throughput, percentiles and resources of every benchmark, and its chart."""
    for s in run.scenarios:
        if "performance" not in s.tags:
            continue
        yield s.name, "verdict", MARKS[s.verdict]
        yield "", f"line of {s.name}", f"| {MARKS[s.verdict]} | {s.name} |"
        if s.load and s.latency:
            how = "acknowledged" if s.load.target_rate_per_s is None else "sent"
            yield s.name, "throughput", f"{how} at {number(s.load.achieved_rate_per_s)}/s"
            yield s.name, "latency", _latency(s.load, s.latency)
        for part, usage in s.resources.items():
            disk = None if usage.disk_bytes is None else usage.disk_bytes / 2**20
            memory = (usage.memory_p95_bytes / 2**20, usage.memory_max_bytes / 2**20)
            cpu = _cells(usage.cpu_mean_cores, usage.cpu_p95_cores)
            row = f"| {part} | {usage.samples} |{_cells(*memory, digits=0)}{cpu}"
            yield s.name, f"resources of {part}", row + _cells(disk, digits=0)
        for milestone in s.startups[0] if s.startups else ():
            starts = _cells(*(start[milestone] for start in s.startups))
            yield s.name, f"start-ups, {milestone}", f"| {milestone} |{starts}"
        if s.second_opinion:
            theirs = s.second_opinion.theirs
            figures = (theirs.mean_ms, theirs.p50_ms, theirs.p95_ms, theirs.p99_ms, theirs.max_ms)
            yield s.name, f"figures of {theirs.tool}", _cells(*figures)
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
            copies = f" {number(d.duplicates, 0)} "
            yield "", f"losses of {s.name}", line + _cells(*counts, digits=0) + copies
            ending = _cells(d.redelivered, d.reordered, digits=0)
            if r:
                ending += _cells(*times_of(r))
            yield f"| {s.name} |", f"recovery of {s.name}", ending
        if s.cdc:
            c, back = s.cdc, s.recovery
            changes = _cells(c.committed_changes, c.unknown_changes, c.missing, digits=0)
            yield "", f"losses of {s.name}", f"{line}{changes} {number(c.duplicates, 0)}"
            wait, queued, behind = (
                c.commit_to_arrival,
                c.commit_to_producer,
                c.slot_behind_down_bytes,
            )
            figures = (wait.p50_ms, wait.p95_ms, wait.max_ms) if wait else (None,) * 3
            waits = " / ".join(number(value, 0) for value in figures)
            waits += f" |{_cells(queued.p95_ms if queued else None, digits=0)}"
            times = (back.ready_s, back.recovery_s, back.stall_s) if back else (None,) * 3
            kept = None if behind is None else behind / 1e6
            rest = _cells(*times, kept, c.caught_up_s, c.confirmed_s)
            yield f"| {s.name} |", f"delays of {s.name}", f" {waits}{rest}"
        for fault in s.faults:
            yield s.name, f"proof of {fault.name}", fault.proofs[0] if fault.proofs else "Proofs"
        yield from _checks(s)


def of_recommendations(run: RunResult) -> Iterator[Expected]:
    """Whatever is broken, and every remedy that a scenario documents."""
    broken = [
        (s, check)
        for s in run.scenarios
        for check in s.checks
        if check.verdict is Verdict.FAIL and check.name in s.promises
    ]
    for s, check in broken:
        yield "", f"finding of {s.name}", f"{check.name}: {check.measured} {check.unit} ({s.name})"
    remedies = {note for s in run.scenarios for note in s.notes if note.startswith("Remedy: ")}
    for remedy in remedies:
        yield "", "remedy", in_cell(remedy.removeprefix("Remedy: "))
    for s in run.scenarios:
        for check in s.checks:
            if used_share(check) is not None and check.measured is not None:
                figure = f"{number(float(check.measured))} {check.unit} | {check.objective} |"
                yield "", "headroom", f"| {s.name} | {check.name} | {figure}"


def _latency(load: Load, latency: Latency) -> str:
    """The row of the phase that is promised."""
    name, ack = "sent → acknowledged", latency.send_to_ack
    if load.target_rate_per_s:
        name, ack = "intended → acknowledged (the headline)", latency.intended_to_ack
    figures = (ack.mean_ms, ack.p50_ms, ack.p95_ms, ack.p99_ms, ack.p999_ms, ack.max_ms)
    return f"| {name} | {ack.count:,} |{_cells(*figures)}"


def _cells(*figures: float | None, digits: int = 2) -> str:
    """A row's end, as documents write it."""
    return "".join(f" {number(figure, digits)} |" for figure in figures)


def missing(text: str, expected: list[Expected]) -> list[str]:
    """What is expected and not there, for people."""
    sections = {part.splitlines()[0]: part for part in f"\n{text}".split("\n## ")[1:]}
    rows = [line for line in text.splitlines() if line.startswith("| ")]

    def there(where: str, words: str) -> bool:
        if where.startswith("| "):
            return any(where in row and words in row for row in rows)
        return words in (sections.get(where, "") if where else text)

    return [
        f"{where or 'the document'}: {what}, wanted '{words}'"
        for where, what, words in expected
        if not there(where, words)
    ]


def _checks(s: ScenarioResult) -> Iterator[Expected]:
    for check in s.checks:
        measured = "–" if check.measured is None else f"{check.measured} {check.unit}"
        words = f"| {MARKS[check.verdict]} | {check.name} | {measured} |"
        yield s.name, f"check {check.name}", words
