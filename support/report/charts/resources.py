"""Chart: CPU, memory and disk of every part over time, with the broker's limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from support.checks.resources import CPU, MEMORY
from support.report.charts import drawing
from support.report.charts.drawing import COLOURS, GAP, LEFT, RIGHT, TOP, WIDTH, Points, Scale
from support.report.limits import limit_of
from support.results.resources import ComponentUsage
from support.results.schema import ScenarioResult

MIB = 2**20
HEIGHT = 80
BOTTOM = TOP + 3 * (HEIGHT + GAP) - GAP


def draw(result: ScenarioResult, _objective: float | None) -> str:
    """Draws three panels; a part without a data folder has no line for disk."""
    parts = result.resources
    kinds = {part: COLOURS[n % len(COLOURS)] for n, part in enumerate(parts)}
    times = [at for usage in parts.values() for at in usage.at_s]
    x = Scale(min(times, default=0.0), max(times, default=1.0), LEFT, WIDTH - RIGHT)
    cores, memory = _limits(result)
    cpu_limit = (cores, f"limit of the broker: {cores:g} cores (p95)") if cores else None
    of_memory = (memory / MIB, f"limit of the broker: {memory / 1e9:g} GB") if memory else None
    seconds = [(value, f"{value:g} s") for value in drawing.ticks(x.low, x.high, 6)]
    return drawing.svg(
        BOTTOM + 20,
        f"{result.name}: CPU, memory and disk over time. {_in_words(parts)}",
        _panel(0, "CPU, cores", _each(parts, _cpu), kinds, x, cpu_limit),
        _panel(1, "memory, MiB", _each(parts, _memory), kinds, x, of_memory),
        _panel(2, "disk, MiB", _each(parts, _disk), kinds, x, None),
        drawing.legend(kinds.items(), 12),
        drawing.labels_x(x, seconds, BOTTOM),
    )


def _in_words(parts: Mapping[str, ComponentUsage]) -> str:
    return " ".join(
        f"{part}: at most {usage.memory_max_bytes / MIB:,.0f} MiB of memory."
        for part, usage in parts.items()
    )


def _each(
    parts: Mapping[str, ComponentUsage], values: Callable[[ComponentUsage], Sequence[float | None]]
) -> dict[str, Points]:
    return {
        part: list(zip(usage.at_s, values(usage), strict=False)) for part, usage in parts.items()
    }


def _cpu(usage: ComponentUsage) -> Sequence[float | None]:
    return usage.cpu_series


def _memory(usage: ComponentUsage) -> Sequence[float | None]:
    return [size / MIB for size in usage.memory_series]


def _disk(usage: ComponentUsage) -> Sequence[float | None]:
    return [None if size is None else size / MIB for size in usage.disk_series]


def _panel(
    place: int,
    unit: str,
    lines: Mapping[str, Points],
    kinds: Mapping[str, str],
    x: Scale,
    limit: tuple[float, str] | None,
) -> str:
    top = TOP + place * (HEIGHT + GAP)
    known = [value for points in lines.values() for _, value in points if value is not None]
    # The room above a limit holds its label.
    highest = max([*known, limit[0] * 1.25 if limit else 0], default=1) or 1
    y = Scale(0, highest, top + HEIGHT, top)
    return "".join(
        [
            drawing.text(0, top - 8, unit),
            drawing.grid_y(y, drawing.ticks(0, highest, 3)),
            *(drawing.line(points, x, y, kinds[part]) for part, points in lines.items()),
            drawing.limit(y, *limit) if limit else "",
        ]
    )


def _limits(result: ScenarioResult) -> tuple[float | None, float | None]:
    """Returns cores and bytes; the checks state their limits in % of the cores and in MB."""
    cpu, memory = limit_of(result, CPU), limit_of(result, MEMORY)
    broker = result.resources.get("broker")
    cores = broker.cores if broker else None
    return (
        cpu.value / 100 * cores if cpu and cores else None,
        memory.value * 1e6 if memory else None,
    )
