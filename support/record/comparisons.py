"""Cross-checks of our own tools with Kafka's."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section
from support.results.cross_check import LatencyCrossCheck, ReadingCrossCheck


@dataclass(frozen=True)
class WritingCompared:
    """Each tool had to send `count` records at `rate_per_s`."""

    seen: LatencyCrossCheck
    count: int
    rate_per_s: float


@dataclass(frozen=True)
class ReadingCompared:
    """Each tool read a topic of `count` records."""

    seen: ReadingCrossCheck
    count: int


WRITING_COMPARED = json_section("latency_cross_check", WritingCompared)
READING_COMPARED = json_section("reading_cross_check", ReadingCompared)
