"""The sizes and the compressibility of the latest events of some topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from support.results.units import counted


@dataclass(frozen=True)
class SampledPayloads:
    """The values that payloads imitate: those of the latest events, without their content.

    `sizes`: bytes of a value, at evenly spaced quantiles. `ratio`: how many times smaller zlib
    (level 6) makes all the values together. `random_share`: the share of random text with which
    payloads of these sizes compress as well.
    """

    topics: tuple[str, ...]
    events: int
    sizes: tuple[int, ...]
    ratio: float
    random_share: float = 0.0

    @property
    def described(self) -> str:
        """Where the sample comes from, in words."""
        return f"the last {counted(self.events, 'events')} of {', '.join(self.topics)}"


def quantiles(sizes: Sequence[int], count: int) -> tuple[int, ...]:
    """Returns `count` evenly spaced quantiles of sizes, in ascending order."""
    ordered = sorted(sizes)
    return tuple(ordered[int((n + 0.5) * len(ordered) / count)] for n in range(count))
