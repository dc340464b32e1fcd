"""Charts of a scenario as SVG; the same input makes the same bytes."""

from __future__ import annotations

import io
import math

import matplotlib as mpl
from matplotlib.figure import Figure

from support.results.schema import ScenarioResult

mpl.rcParams["svg.hashsalt"] = "kafka-validation"
mpl.rcParams["svg.fonttype"] = "none"

BLUE, ORANGE, GREY, RED = "#2f6db3", "#d9822b", "#8a8f98", "#c0392b"


def chart_of(result: ScenarioResult, objective: float | None) -> str:
    """Latency over time, the start-up times, or the lag; an empty string when it has none.

    `objective` is the promised limit to be drawn, in the unit of the chart.
    """
    if result.startups:
        return startup_chart(result, objective)
    return lag_chart(result) if result.lag else latency_chart(result, objective)


def has_chart(result: ScenarioResult) -> bool:
    """Whether chart_of() draws something for it."""
    return bool(result.startups or result.lag or any(p.p50_ms is not None for p in result.series))


def startup_chart(result: ScenarioResult, objective_s: float | None) -> str:
    """Seconds of every start to its first acknowledged record."""
    times = [start["first acknowledged"] for start in result.startups]
    figure = Figure(figsize=(9, 1.6 + 0.35 * len(times)), layout="constrained")
    axes = figure.subplots()
    places = range(len(times), 0, -1)
    axes.barh(places, times, color=BLUE, alpha=0.7, height=0.6)
    for place, seconds in zip(places, times, strict=True):
        axes.text(seconds, place, f" {seconds:.2f} s", va="center", fontsize=8)
    if objective_s is not None:
        axes.axvline(objective_s, color=RED, linestyle="--", linewidth=1)
        axes.text(
            objective_s, len(times) + 0.5, f" objective {objective_s:g} s", color=RED, fontsize=8
        )
    axes.set_yticks(places, [f"start {n + 1}" for n in range(len(times))])
    axes.set_xlim(0, max([*times, objective_s or 0]) * 1.15)
    axes.set_xlabel("seconds from the start of the process to the first acknowledged record")
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(result.name, fontsize=10, x=0.01, ha="left")
    return _as_svg(figure)


def lag_chart(result: ScenarioResult) -> str:
    """Lag of each partition over time, by Kafka's word."""
    assert result.lag is not None
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    axes = figure.subplots()
    for partition, lags in result.lag.partitions.items():
        known = [math.nan if lag is None else lag for lag in lags]
        axes.plot(result.lag.at_s, known, label=f"partition {partition}")
    axes.set_xlabel("seconds from the first look")
    axes.set_ylabel("records behind")
    axes.set_ylim(0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    figure.suptitle(f"{result.name}: lag by Kafka's word", fontsize=10, x=0.01, ha="left")
    return _as_svg(figure)


def latency_chart(result: ScenarioResult, objective_ms: float | None) -> str:
    """p50, p95 and maximum by the time at which records were due, and the records acknowledged.

    An empty string when the scenario has no series.
    """
    points = [p for p in result.series if p.p50_ms is not None]
    if not points:
        return ""
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    at = [p.at_s for p in points]
    for label, values, colour in (
        ("max", [p.max_ms for p in points], GREY),
        ("p95", [p.p95_ms for p in points], ORANGE),
        ("p50", [p.p50_ms for p in points], BLUE),
    ):
        top.plot(at, values, label=label, color=colour, linewidth=1.4)
    if objective_ms is not None:
        top.axhline(objective_ms, color=RED, linestyle="--", linewidth=1)
        top.text(0, objective_ms * 1.1, f"objective {objective_ms:g} ms", color=RED, fontsize=8)
    for axes in (top, bottom):
        for fault in result.faults:
            axes.axvspan(fault.injected_at_s, fault.healed_at_s, color=RED, alpha=0.12, lw=0)
        axes.spines[["top", "right"]].set_visible(False)
    for fault in result.faults:
        top.text(
            fault.injected_at_s, 0.97, f" {fault.name}", transform=top.get_xaxis_transform(),
            color=RED, fontsize=8, va="top",
        )  # fmt: skip
    top.set_yscale("log")
    top.yaxis.set_major_formatter("{x:g}")
    top.set_ylabel("latency, ms (log)")
    figure.suptitle(
        f"{result.name}: intended send time to acknowledgement", fontsize=10, x=0.01, ha="left"
    )
    top.legend(frameon=False, fontsize=8, ncols=3, loc="lower right", bbox_to_anchor=(1, 1))
    every = [p.at_s for p in result.series]
    interval = every[1] - every[0] if len(every) > 1 else 1.0
    bottom.bar(every, [p.acks_arrived / interval for p in result.series], interval, color=BLUE,
               align="edge", alpha=0.6)  # fmt: skip
    bottom.set_ylabel("acks/s")
    bottom.set_xlabel(
        "seconds from the start of the load (latency: when a record was due; acks: when they came)"
    )
    return _as_svg(figure)


def _as_svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()
