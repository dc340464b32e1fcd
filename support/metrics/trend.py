"""A straight line through a noisy series, with how sure its slope is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BLOCK = 5
"""Samples that are averaged first: neighbouring samples of memory are not independent."""

LEAST_BLOCKS = 4


def slope_with_interval(
    at_s: Sequence[float], samples: Sequence[float]
) -> tuple[float, float, float] | None:
    """Slope per second by least squares and its 95 % interval; None with too few samples.

    The t quantile is approximated by 1.96 + 2.4 / df (within 2 % from df = 5 on).
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
    wide = (1.96 + 2.4 / df) * error
    return slope, slope - wide, slope + wide
