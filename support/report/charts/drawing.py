"""Shared by all charts: colours, margins, limits, and SVG that depends on the figures alone."""

from __future__ import annotations

import io
from collections.abc import Iterable

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from support.results.recovery import Fault

mpl.rcParams["svg.hashsalt"] = "kafka-validation"
mpl.rcParams["svg.fonttype"] = "none"

BLUE, ORANGE, GREEN, GREY, RED = "#2f6db3", "#d9822b", "#3a8f5c", "#8a8f98", "#c0392b"
WIDTH = 9.0


def new_figure(height: float, title: str) -> Figure:
    """Return a white figure, which is readable on a dark page; `height` in inches."""
    figure = Figure(figsize=(WIDTH, height))
    # Fixed margins: measuring every text first takes longer than drawing.
    figure.subplots_adjust(
        left=0.085, right=0.975, top=1 - 0.42 / height, bottom=0.5 / height, hspace=0.16
    )
    figure.suptitle(title, fontsize=10, x=0.01, y=1 - 0.08 / height, ha="left", va="top")
    return figure


def plain(axes: Axes, unit: str) -> None:
    """Remove the box, and label the vertical axis with `unit`."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylabel(unit, fontsize=8)
    axes.tick_params(labelsize=8)


def log_of_milliseconds(axes: Axes) -> None:
    """Set a log scale of milliseconds, with numbers at the powers of ten only."""
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("")
    plain(axes, "latency, ms (log)")


def limit(axes: Axes, value: float, label: str) -> None:
    """Draw a limit as a line across, with room for its label above it."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, max(high, value * 1.3))
    axes.axhline(value, color=RED, linestyle="--", linewidth=1)
    axes.annotate(
        label,
        (0.005, value),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        color=RED,
        fontsize=8,
    )


def bands(axes: Axes, faults: Iterable[Fault], *, named: bool) -> None:
    """Mark the time of each fault; its name stands at the foot of the band."""
    for fault in faults:
        axes.axvspan(fault.injected_at_s, fault.healed_at_s, color=RED, alpha=0.12, lw=0)
        if named:
            axes.text(
                fault.injected_at_s,
                0.03,
                f" {fault.name}",
                color=RED,
                fontsize=8,
                transform=axes.get_xaxis_transform(),
            )


def as_svg(figure: Figure, mark: str) -> str:
    """Return the SVG; `mark`, in its metadata, identifies what it was drawn from."""
    out = io.StringIO()
    metadata = {"Date": None, "Creator": None, "Identifier": mark}
    figure.savefig(out, format="svg", metadata=metadata)
    return out.getvalue()
