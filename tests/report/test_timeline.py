"""Timelines have one scale, and mark the failure, the stall and the recovery."""

from __future__ import annotations

import dataclasses
import re

from support.report.page.timeline import AFTER_S, BEFORE_S, PER_SECOND, WIDTH, timeline
from support.results.latency import SeriesPoint
from support.results.recovery import Fault, Recovery
from support.results.schema import ScenarioResult
from tests.results.examples import BEHIND, RESTART, THROUGHPUT


def outage(length: float, stall: float) -> ScenarioResult:
    """Returns a load of 60 s at 4 records an interval, with nothing acknowledged from 10 s on."""
    series = tuple(
        SeriesPoint(n / 4, 4, 4, 0 if 10 <= n / 4 < 10 + length else 4, 1.0, 1.0, 1.0, 4)
        for n in range(240)
    )
    fault = Fault("broker crash", 10.0, 10.1, 12.0, 10 + length, ("gone",))
    return dataclasses.replace(
        RESTART, series=series, faults=(fault,), recovery=Recovery(length - 2, None, stall)
    )


def test_a_second_has_the_same_width_everywhere() -> None:
    drawn = timeline(outage(20, 20.0))
    assert drawn
    assert drawn.lanes == ("produced", "acknowledged", "consumed")
    broken = re.search(r'class="broken" x="(\d+)" width="(\d+)"', drawn.svg)
    again = re.search(r'class="again" x="(\d+)"', drawn.svg)
    assert broken
    assert again
    assert int(broken[1]) == BEFORE_S * PER_SECOND
    assert int(broken[2]) == 2 * PER_SECOND
    assert int(again[1]) == (BEFORE_S + 20) * PER_SECOND


def test_the_stall_ends_where_something_arrives_again() -> None:
    drawn = timeline(outage(20, 20.0))
    assert drawn
    assert drawn.wait
    assert drawn.wait.words == "20.0 s"
    end = drawn.wait.left + drawn.wait.width
    assert abs(end / 100 * WIDTH - (BEFORE_S + 20) * PER_SECOND) < PER_SECOND / 2
    assert "The longest time in which nothing was acknowledged: 20.0 s." in drawn.words


def test_a_stall_beyond_the_picture_goes_to_its_edge_and_one_that_does_not_fit_is_left_out() -> (
    None
):
    long = timeline(outage(AFTER_S + 5, AFTER_S + 5))
    assert long
    assert long.wait
    assert long.wait.words == "45.0 s ▸"
    assert long.wait.left + long.wait.width == 100
    elsewhere = timeline(outage(2, 20.0))
    assert elsewhere
    assert elsewhere.wait is None


def test_a_restarted_consumer_has_its_restart_marked() -> None:
    back = Recovery(None, None, None, None, 9.7)
    drawn = timeline(dataclasses.replace(outage(20, 20.0), series=(), recovery=back))
    assert drawn
    assert drawn.lanes == ()
    assert drawn.wait
    assert drawn.wait.words == "9.7 s"


def test_only_failures_and_deliveries_have_a_timeline() -> None:
    assert timeline(THROUGHPUT) is None
    assert timeline(BEHIND) is None
    assert timeline(dataclasses.replace(RESTART, faults=(), recovery=None))
