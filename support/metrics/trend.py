"""Fits a straight line to a noisy series, with a confidence interval of its slope."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BLOCK = 5
"""Samples that are averaged before the fit: neighbouring samples of memory are not independent."""

LEAST_BLOCKS = 4
"""Blocks below which no slope is stated."""

T_QUANTILES = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
"""Degrees of freedom -> 97.5 % quantile of Student's t, from any table of it."""


def slope_with_interval(
    at_s: Sequence[float], samples: Sequence[float]
) -> tuple[float, float, float] | None:
    """Returns the slope per second, by least squares, and the bounds of its 95 % interval.

    Returns None with fewer than BLOCK * LEAST_BLOCKS samples. The interval uses Student's t with
    blocks - 2 degrees of freedom.
    """
    blocks = len(samples) // BLOCK
    if blocks < LEAST_BLOCKS:
        return None
    means, at = (
        np.array(values[: blocks * BLOCK], float).reshape(blocks, BLOCK).mean(axis=1)
        for values in (samples, at_s)
    )
    at -= at.mean()
    spread = float((at * at).sum())
    slope = float((at * means).sum()) / spread
    rest = means - means.mean() - slope * at
    df = blocks - 2
    error = float(np.sqrt((rest * rest).sum() / df / spread))
    wide = t_quantile(df) * error
    return slope, slope - wide, slope + wide


def t_quantile(df: int) -> float:
    """Returns the 97.5 % quantile of Student's t with `df` >= 2 degrees of freedom.

    Within 0.1 %: tabled values up to 9, above that the first terms of the Cornish-Fisher
    expansion (Abramowitz and Stegun, 26.7.5).
    """
    return T_QUANTILES.get(df) or 1.96 + 2.372 / df + 2.823 / df**2 + 2.556 / df**3
