"""The intended send time of each record of a load: a pure function of its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from support.clock import NS_PER_S

UNPACED = 0
"""The rate of a segment that is sent as fast as possible: all its records are due at once."""


@dataclass(frozen=True)
class Segment:
    """A part of a load at one rate. Figures are computed from `judged` segments only."""

    rate_per_s: int
    count: int
    judged: bool = True

    @property
    def length_ns(self) -> int:
        """Its duration at its rate; 0 for UNPACED."""
        return self.count * NS_PER_S // self.rate_per_s if self.rate_per_s else 0


def all_intended_ns(start_ns: int, segments: Sequence[Segment]) -> NDArray[np.int64]:
    """Returns when each record is due (monotonic ns), which a late load does not change."""
    moments, begin = [], start_ns
    for segment in segments:
        numbers = np.arange(segment.count, dtype=np.int64)
        step = numbers * NS_PER_S // segment.rate_per_s if segment.rate_per_s else numbers * 0
        moments.append(begin + step)
        begin += segment.length_ns
    return np.concatenate(moments) if moments else np.zeros(0, np.int64)


def judged_range(segments: Sequence[Segment]) -> tuple[int, int]:
    """Returns the first record of the judged segments and the one after their last.

    Judged segments must be adjacent.
    """
    begin, first, end = 0, -1, 0
    for segment in segments:
        if segment.judged:
            first = begin if first < 0 else first
            end = begin + segment.count
        begin += segment.count
    return max(first, 0), end
