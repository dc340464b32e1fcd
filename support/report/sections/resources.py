"""Memory, CPU and disk of every part of the stack."""

from __future__ import annotations

from collections.abc import Iterator

from support.report.sections.section import Offered, Section
from support.report.words import number, table
from support.results.resources import ComponentUsage
from support.results.schema import ScenarioResult

MIB = 2**20
HEAD = (
    "part",
    "samples",
    "memory p95, MiB",
    "memory max, MiB",
    "CPU mean, cores",
    "CPU p95, cores",
    "cores allowed",
    "disk, MiB",
    "disk growth, MiB",
    "processes",
)


def text(scenario: ScenarioResult) -> list[str]:
    """Returns the table of all parts."""
    rows = [_row(part, usage) for part, usage in scenario.resources.items()]
    return [table(HEAD, rows), ""] if rows else []


def _row(part: str, u: ComponentUsage) -> tuple[str, ...]:
    return (
        part,
        f"{u.samples:,}",
        number(u.memory_p95_bytes / MIB, 0),
        number(u.memory_max_bytes / MIB, 0),
        number(u.cpu_mean_cores),
        number(u.cpu_p95_cores),
        number(u.cores),
        number(None if u.disk_bytes is None else u.disk_bytes / MIB, 0),
        number(None if u.disk_growth_bytes is None else u.disk_growth_bytes / MIB, 0),
        f"{u.incarnations:,}",
    )


def memory_of(part: str) -> str:
    """Returns the name of the figure that can be compared."""
    return f"memory of {part}"


def cpu_of(part: str) -> str:
    """Returns the name of the figure that can be compared."""
    return f"CPU of {part}, p95"


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns the highest memory and the p95 of CPU, part by part."""
    for part, usage in scenario.resources.items():
        yield Offered(memory_of(part), usage.memory_max_bytes / MIB, "MiB")
        yield Offered(cpu_of(part), usage.cpu_p95_cores, "cores")


SECTION = Section(text, figures=figures)
