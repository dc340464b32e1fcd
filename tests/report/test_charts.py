"""Limits, curves and zeros all lie inside the axes of a chart."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from support.metrics.summary import summarise
from support.report.charts import latency, percentiles
from support.results.schema import ScenarioResult
from tests.results.examples import THROUGHPUT


def with_zeros() -> ScenarioResult:
    """Return a load without any schedule delay, with latencies of 2 to 40 ms."""
    assert THROUGHPUT.latency is not None
    waits = np.linspace(2e6, 40e6, 60_000).astype(np.int64)
    taken = summarise(waits)
    return dataclasses.replace(
        THROUGHPUT,
        latency=dataclasses.replace(
            THROUGHPUT.latency,
            intended_to_ack=taken,
            send_to_ack=taken,
            schedule_delay=summarise(waits * 0),
        ),
    )


@pytest.mark.parametrize("chart", [percentiles, latency])
@pytest.mark.parametrize("objective", [None, 100.0])
def test_curves_fill_the_picture(chart: object, objective: float | None) -> None:
    figure = chart.draw(with_zeros(), objective)  # type: ignore[attr-defined]
    axes = figure.axes[0]
    low, high = axes.get_ylim()
    values = [v for line in axes.get_lines() for v in np.atleast_1d(line.get_ydata()) if v > 0]
    assert low > min(values) / 10
    assert high < max(values) * 10
    if objective:
        assert high > objective
