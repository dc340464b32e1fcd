"""What a load generator is told, and what it tells: the two ends of one pipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.generate.schedule import Segment


@dataclass(frozen=True)
class WarmUp:
    """Load before the measurement, in windows, until a window's p95 no longer falls."""

    topic: str
    window_s: float
    longest_s: float


@dataclass(frozen=True)
class LoadOrder:
    """One load. `producer` in librdkafka's names; columns are written under `folder`."""

    bootstrap: str
    topic: str
    producer: Mapping[str, str]
    segments: tuple[Segment, ...]
    seed: int
    sizes: tuple[int, int]
    """Smallest and largest payload in bytes."""
    folder: str
    warm_up: WarmUp | None
    disk_folder: str
    stop_free_disk: int
    """Bytes: the load ends when less is free on the file system of `disk_folder`."""
    first: int = 0
    """Number of the first record; the columns begin with it."""
    learn_s: float = 5.0
    """Seconds, at most, to learn the topic's partitions before the load begins."""

    @property
    def count(self) -> int:
        return sum(segment.count for segment in self.segments)


@dataclass(frozen=True)
class LoadNews:
    """A line from the generator: `phase` is warm-up, sending, done or failed."""

    phase: str
    start_ns: int = 0
    window_p95_ms: tuple[float, ...] = ()
    warm_up_s: float = 0.0
    buffer_full: int = 0
    cpu_s: float = 0.0
    """Processor time of the generator from the start of the load to its last report."""
    took_s: float = 0.0
    peak_rss_bytes: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    """What the client reported beside the records, by name."""
    trouble: str = ""
