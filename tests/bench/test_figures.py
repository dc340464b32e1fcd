"""Ratios, drift and clumping of known numbers."""

from __future__ import annotations

import numpy as np
import pytest

from support.bench.figures import at_least, at_most, dispersion, pacing_error


def test_a_ratio_compares_each_repeat_and_takes_the_median() -> None:
    # The machine got twice as fast: ours and theirs alike, so the ratio stays.
    seen = at_least("replay", [120, 130, 240, 260], [100, 200], 1.2)
    assert (seen.value, seen.reached, seen.void) == (1.25, True, False)
    assert (seen.ours, seen.theirs) == (185, 150)
    slow = at_least("replay", [110, 110], [100], 1.2)
    assert not slow.reached
    assert slow.value == pytest.approx(1.1)
    assert at_most("cpu", [10, 10], [10], 1.0).reached
    assert not at_most("cpu", [10.1, 10.1], [10], 1.0).reached


def test_drift_makes_a_ratio_void_only_when_the_repeats_disagree() -> None:
    assert at_least("replay", [100, 160, 100, 130], [100, 100], 1.2).void
    assert not at_least("replay", [200, 400, 200, 400], [100, 100], 1.2).void
    calm = at_least("replay", [119, 120, 125, 126], [100, 100], 1.2)
    assert calm.drift < 0.01
    assert not calm.void


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
