"""The results of a bench, and its table on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from support.bench.figures import Cost, Goal, Pacing, Ratio
from support.results.schema import Git, Host

MIB = 2**20


@dataclass(frozen=True)
class Grown:
    """The cost of a replay, and of reading and checking it, at one size of the work."""

    records: int
    bytes: int
    partitions: int
    replay: Cost
    read: Cost


@dataclass(frozen=True)
class Report:
    """The results of a bench, and the machine that it ran on."""

    at: str
    git: Git
    host: Host
    ratios: tuple[Ratio, ...]
    goals: tuple[Goal, ...]
    ours: dict[str, list[Cost | Pacing]]
    growth: tuple[Grown, ...]


def table(report: Report) -> list[str]:
    """Returns the lines for the terminal."""
    host = report.host
    return [
        "",
        f"{host.system}, {host.cpus} cores, {host.memory_bytes / 2**30:.0f} GiB; medians",
        f"{'ours against theirs':32}{'ours':>12}{'theirs':>12}{'ratio':>8}  wanted",
        *map(_ratio, report.ratios),
        "",
        "ours alone, the worst of the passes",
        *map(_goal, report.goals),
        *_growth(report.growth),
        "",
    ]


def _ratio(ratio: Ratio) -> str:
    outcome = "void: drift" if ratio.void else "reached" if ratio.reached else "NOT REACHED"
    return (
        f"{ratio.name:32}{ratio.ours:12,.2f}{ratio.theirs:12,.2f}{ratio.value:8.2f}"
        f"  {ratio.wanted} {outcome} (drift {ratio.drift:.0%})"
    )


def _goal(goal: Goal) -> str:
    outcome = "reached" if goal.reached else "NOT REACHED"
    return f"{goal.name:48}{goal.value:10,.3f} {goal.unit:3} wanted <= {goal.limit:g} {outcome}"


def _growth(growth: tuple[Grown, ...]) -> Iterator[str]:
    if growth:
        columns = f"{'CPU s/M':>9}{'RSS MiB':>9}"
        yield ""
        yield f"{'how the cost grows':34}{'replay/s':>10}{columns}{'read/s':>10}{columns}"
    for g in growth:
        size = f"{g.records:>9,} x {g.bytes:>6,} B, {g.partitions:>2} partitions"
        yield f"{size}{_cost(g.replay)}{_cost(g.read)}"


def _cost(cost: Cost) -> str:
    rss = cost.peak_rss_bytes / MIB
    return f"{cost.per_s:10,.0f}{cost.cpu_s_per_million:9.1f}{rss:9.0f}"
