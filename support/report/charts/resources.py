"""Chart: CPU, memory and disk of every part over time, with the broker's limits."""

from __future__ import annotations

import math

from matplotlib.figure import Figure

from support.checks.resources import CPU, MEMORY
from support.report.charts.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    limit,
    new_figure,
    plain,
)
from support.report.limits import limit_of
from support.results.schema import ScenarioResult

COLOURS = {"broker": BLUE, "connect": ORANGE, "postgres": GREEN}
MIB = 2**20


def draw(result: ScenarioResult, _objective: float | None) -> Figure:
    """Draw three panels; a part without a data folder has no line for disk."""
    figure = new_figure(5.4, f"{result.name}: resources of each part")
    cpu, memory, disk = figure.subplots(3, 1, sharex=True)
    for part, usage in result.resources.items():
        style = {"color": COLOURS.get(part, GREY), "label": part, "linewidth": 1.4}
        cores = [math.nan if c is None else c for c in usage.cpu_series]
        cpu.plot(usage.at_s, cores, **style)
        memory.plot(usage.at_s, [size / MIB for size in usage.memory_series], **style)
        if usage.disk_series:
            sizes = [math.nan if size is None else size / MIB for size in usage.disk_series]
            disk.plot(usage.at_s, sizes, **style)
    for axes, unit in ((cpu, "CPU, cores"), (memory, "memory, MiB"), (disk, "disk, MiB")):
        plain(axes, unit)
        axes.set_ylim(0)
    cores_limit, memory_limit = _limits(result)
    if cores_limit:
        limit(cpu, cores_limit, f"limit of the broker: {cores_limit:g} cores (p95)")
    if memory_limit:
        limit(memory, memory_limit / MIB, f"limit of the broker: {memory_limit / 1e9:g} GB")
    disk.set_xlabel("seconds from the first sample", fontsize=8)
    cpu.legend(frameon=False, fontsize=8, ncols=4, loc="lower right", bbox_to_anchor=(1, 0.99))
    return figure


def _limits(result: ScenarioResult) -> tuple[float | None, float | None]:
    """Return cores and bytes; the checks state their limits in % of the cores and in MB."""
    cpu, memory = limit_of(result, CPU), limit_of(result, MEMORY)
    broker = result.resources.get("broker")
    cores = broker.cores if broker else None
    return (
        cpu.value / 100 * cores if cpu and cores else None,
        memory.value * 1e6 if memory else None,
    )
