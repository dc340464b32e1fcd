"""Limits, curves and zeros all lie inside the panel of a chart."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from support.metrics.summary import summarise
from support.report.charts import drawing
from support.report.charts.drawing import TOP, WIDTH, Scale
from support.report.charts.gallery import draw
from support.results.schema import ScenarioResult
from tests.results.examples import THROUGHPUT

STEP = re.compile(r"-?\d+ -?\d+")


def with_zeros(highest_ms: float = 40) -> ScenarioResult:
    """Returns a load without any schedule delay, with latencies of 2 ms and more."""
    assert THROUGHPUT.latency is not None
    waits = np.linspace(2e6, highest_ms * 1e6, 60_000).astype(np.int64)
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


def places(chart: str) -> list[tuple[int, int]]:
    """Returns the points of all lines."""
    found = []
    for shape in re.findall(r'<path class="c\d" d="([^"]+)"', chart):
        for run in shape.split("M")[1:]:
            (x, y), *steps = (tuple(map(int, step.split())) for step in STEP.findall(run))
            found.append((x, y))
            for dx, dy in steps:
                x, y = x + dx, y + dy
                found.append((x, y))
    return found


@pytest.mark.parametrize("kind", ["percentiles", "latency", "resources"])
def test_curves_fill_the_picture(kind: str) -> None:
    chart = draw(with_zeros(), kind)
    height = int(re.findall(r'viewBox="0 0 \d+ (\d+)"', chart)[0])
    found = places(chart)
    assert len(found) > 5
    assert all(0 <= x <= WIDTH and TOP <= y <= height for x, y in found)
    assert max(x for x, _ in found) - min(x for x, _ in found) > WIDTH / 2


@pytest.mark.parametrize(("highest_ms", "above"), [(40, True), (400, False)])
def test_a_limit_is_in_the_right_place_of_a_log_scale(highest_ms: float, above: bool) -> None:
    chart = draw(with_zeros(highest_ms), "percentiles")
    line = re.search(r'class="limit" d="M\d+ (\d+)H', chart)
    assert line
    assert int(line[1]) > TOP
    assert (int(line[1]) < min(y for _, y in places(chart))) is above


def test_scales_and_ticks() -> None:
    assert Scale(0, 10, 100, 0)(2.5) == 75
    assert Scale(1, 100, 0, 100, log=True)(10) == 50
    assert Scale(1, 100, 0, 100, log=True)(0) == 0
    assert Scale(3, 3, 0, 100)(3) == 0
    assert drawing.ticks(0, 60, 6) == [0, 10, 20, 30, 40, 50, 60]
    assert drawing.decades(0.9, 150) == [1, 10, 100]


def test_a_peak_stays_where_several_points_share_a_place_and_a_gap_stays_a_gap() -> None:
    x, y = Scale(0, 1, 0, 1), Scale(0, 100, 100, 0)
    assert drawing.line([(0.0, 5.0), (0.1, 90.0), (0.2, 7.0)], x, y, "c1") == (
        '<path class="c1" d="M0 10l0 0"/>'
    )
    assert drawing.line([(0.0, 5.0), (0.5, None), (1.0, 6.0)], x, y, "c1").count("M") == 2
    assert drawing.line([], x, y, "c1") == ""


def test_a_file_of_its_own_has_its_colours_and_the_page_has_none() -> None:
    chart = draw(THROUGHPUT, "latency")
    assert "#" not in chart
    alone = drawing.as_file(chart)
    assert "prefers-color-scheme:dark" in alone
    assert 'xmlns="http://www.w3.org/2000/svg"' in alone


def test_columns_side_by_side_are_one_shape() -> None:
    x, y = Scale(0, 10, 0, 100), Scale(0, 10, 100, 0)
    assert drawing.area([(0, 5.0), (1, 2.0), (2, 0.0), (3, 10.0)], 1, x, y, "c1") == (
        '<path class="area c1" d="M0 100V50H10V80H20V100zM30 100V0H40V100z"/>'
    )
    assert drawing.area([(0, 0.0)], 1, x, y, "c1") == ""
