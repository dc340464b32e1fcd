"""The order of a load to its generator, and the generator's reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from support.clock import NS_PER_S
from support.record.sampled_payloads import SampledPayloads
from support.record.schedule import Segment
from support.record.secrets import without_secrets
from support.record.section import json_section


@dataclass(frozen=True)
class WarmUp:
    """Load before the measurement, in windows of `window_s`, until p95 no longer falls."""

    topic: str
    window_s: float
    longest_s: float


@dataclass(frozen=True)
class LoadOrder:
    """One load. `producer`: settings in librdkafka's names. Columns are written to `folder`."""

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
    """The load ends when fewer bytes are free on the file system of `disk_folder`."""
    first: int = 0
    """Id of the first record, with which the columns start."""
    security: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Settings of librdkafka without which the broker refuses a client. They are not recorded."""
    sampled: SampledPayloads | None = None
    """The values that payloads imitate instead of envelopes of `sizes`."""

    @property
    def count(self) -> int:
        """Number of records."""
        return sum(segment.count for segment in self.segments)


@dataclass(frozen=True)
class LoadNews:
    """A report of the generator: `phase` is warm-up, sending, done or failed."""

    phase: str
    start_ns: int = 0
    window_p95_ms: tuple[float, ...] = ()
    warm_up_s: float = 0.0
    buffer_full: int = 0
    cpu_s: float = 0.0
    """Processor time of the generator, from the start of the load to the last report."""
    took_s: float = 0.0
    peak_rss_bytes: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    """Errors that the client reported for no particular record: name -> how often."""
    trouble: str = ""


@dataclass(frozen=True)
class LoadRecord:
    """A load that was run: its order, and the generator's last report.

    `began_ns`: the start of the load in reports (monotonic). `states_speed` is False when a crash
    interrupted the load, `shows_series` when it only filled a topic.
    """

    order: LoadOrder
    news: LoadNews
    began_ns: int
    states_speed: bool = True
    shows_series: bool = True
    shows_trend: bool = False
    """Whether it had one rate for long enough to show how the broker changes."""

    @property
    def ended_ns(self) -> int:
        """Monotonic time of the load's last report."""
        return self.news.start_ns + int(self.news.took_s * NS_PER_S)


def _shown(load: LoadRecord) -> LoadRecord:
    producer = without_secrets(load.order.producer)
    return replace(load, order=replace(load.order, producer=producer, security={}))


LOAD = json_section("load", LoadRecord, _shown)
