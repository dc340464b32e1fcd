"""The lag of a consumer group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LagFigures:
    """The lag of a group over time, as Kafka reports it; `caught_up_s` until it was 0."""

    peak: int
    caught_up_s: float | None
    at_s: tuple[float, ...]
    """Time of each sample in seconds from the first."""
    partitions: Mapping[str, tuple[int | None, ...]]
    """Partition -> its lag in each sample; None without a committed offset."""
