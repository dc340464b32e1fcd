"""Ratios, drift and clumping from numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from support.bench.figures import at_least, at_most, dispersion, drift, pacing_error


def test_a_ratio_compares_medians_and_names_its_goal() -> None:
    fast = at_least("replay", [100, 130, 125], [100, 90], 1.2)
    assert (fast.ours, fast.theirs, fast.reached, fast.void) == (125, 95, True, True)
    assert not at_least("replay", [200, 300], [100], 1.2).void
    slow = at_least("replay", [110, 111, 112], [100], 1.2)
    assert (slow.reached, slow.void) == (False, False)
    assert slow.value == pytest.approx(1.11)
    assert at_most("cpu", [10], [10], 1.0).reached
    assert not at_most("cpu", [10.1], [10], 1.0).reached


def test_drift_is_the_span_over_the_median() -> None:
    assert drift([90, 100, 110]) == pytest.approx(0.2)
    assert drift([0, 0]) == 0


def test_even_sends_have_no_dispersion_and_clumps_have_much() -> None:
    even = np.arange(0, 5_000, dtype=np.int64)
    assert dispersion(even) == 0
    clumps = np.repeat(np.arange(0, 5_000, 100, dtype=np.int64), 100)
    assert dispersion(clumps) > 50
    random = np.sort(np.random.default_rng(1).integers(0, 5_000, 5_000))
    assert dispersion(random) == pytest.approx(1, abs=0.3)


def test_the_pacing_error_is_relative_to_the_target() -> None:
    stamps = np.arange(0, 10_000, dtype=np.int64)
    assert pacing_error(stamps, 1000) < 0.0001
    assert pacing_error(stamps, 2000) == pytest.approx(0.5, abs=0.001)
