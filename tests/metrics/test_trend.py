"""The slope of a noisy series, and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from support.metrics.trend import slope_with_interval, t_quantile


@pytest.mark.parametrize(
    ("df", "expected"), [(2, 4.303), (5, 2.571), (10, 2.228), (20, 2.086), (58, 2.002)]
)
def test_the_quantile_is_that_of_students_t(df: int, expected: float) -> None:
    assert t_quantile(df) == pytest.approx(expected, rel=1e-3)


def test_the_interval_holds_the_slope_in_95_of_100_series() -> None:
    """With few blocks, where a quantile that is too small would show."""
    random, at_s = np.random.default_rng(7), [float(n) for n in range(20)]
    inside = 0
    for _ in range(2000):
        samples = [
            3.0 * at + noise for at, noise in zip(at_s, random.normal(0, 50, 20), strict=True)
        ]
        line = slope_with_interval(at_s, samples)
        assert line is not None
        inside += line[1] <= 3.0 <= line[2]
    assert inside / 2000 == pytest.approx(0.95, abs=0.015)
