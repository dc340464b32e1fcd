"""Retention by time, as configured and as it happens.

retention settings: topics keep records for seven days, by the broker's own word, at the load of
the specification. A cap by size counts as the time in which that load fills it. FAIL when either
ends sooner, or when compaction removes earlier records of a key; DEVIATION when the load of the
specification would fill the cap sooner, but the load that was measured in the topic does not;
INCONCLUSIVE when there is no topic to ask about, or a setting that decides is not told.
retention kept: a record older than that is deleted, a younger one stays. FAIL when either is not
so; INCONCLUSIVE when what was written is not there to be judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.checks.judged import deviates, not_measured, passed_if, some
from support.checks.topic_in_force import TopicInForce
from support.results.schema import Check

SEVEN_DAYS_MS = 604_800_000
SEVEN_DAYS_S = SEVEN_DAYS_MS // 1000


RETAINS = ("retention.ms", "retention.bytes", "cleanup.policy")
"""Settings that decide how long a record stays; every version of Kafka tells them."""


@dataclass(frozen=True)
class Load:
    """Records that come into one topic, and what one of them takes in the log, on average."""

    per_s: float
    record_bytes: float

    def __str__(self) -> str:
        rate = f"{self.per_s:,.0f}" if self.per_s >= 10 else f"{self.per_s:.2g}"
        return f"{rate} messages/s of {self.record_bytes / 1000:.1f} KB"


SPECIFIED = Load(1000, 5500)
"""FR-001's rate, and the middle of the 1 to 10 KB of A-006."""


def kept_s(topic: TopicInForce, load: Load) -> float:
    """How long a record is kept at this load, evenly spread over the partitions."""
    retention_ms = int(topic.settings.get("retention.ms") or 0)
    by_time = math.inf if retention_ms < 0 else retention_ms / 1000
    bytes_per_s = load.per_s * load.record_bytes
    return min(by_time, _cap(topic) / bytes_per_s if bytes_per_s else math.inf)


def retention_findings(topic: TopicInForce) -> Iterator[str]:
    """What takes records away before seven days are over, at the load of the specification."""
    yield from _ends_by_time(topic)
    yield from _ends_by_size(topic)


def _ends_by_time(topic: TopicInForce) -> Iterator[str]:
    retention = topic.settings.get("retention.ms")
    if retention is not None and -1 < int(retention) < SEVEN_DAYS_MS:
        yield f"retention.ms={retention}: a consumer away for longer than that loses records"
    policy = topic.settings.get("cleanup.policy") or "delete"
    if "compact" in policy:
        yield (
            f"cleanup.policy={policy}: earlier changes of a row are removed, and a consumer that "
            "is behind never sees them"
        )


def retention_settings(
    topics: Sequence[TopicInForce], measured: Mapping[str, Load] | None = None
) -> Check:
    """`measured`: topic -> the load that was seen in it, on a stack that has one of its own."""
    name, objective = "retention settings", f"kept for 7 days at {SPECIFIED}"
    if not topics:
        return not_measured(name, "", objective, "no topic is known")
    seen = measured or {}
    wrong: list[str] = []
    filled: list[str] = []
    for topic in topics:
        wrong += [f"{topic.name}: {finding}" for finding in _ends_by_time(topic)]
        own = seen.get(topic.name)
        holds = own is not None and kept_s(topic, own) >= SEVEN_DAYS_S
        (filled if holds else wrong).extend(f"{topic.name}: {f}" for f in _ends_by_size(topic))
    unknown = [each for topic in topics for each in topic.untold(RETAINS)]
    if unknown and not wrong:
        return not_measured(name, "", objective, f"not told: {'; '.join(some(unknown))}")
    evidence = [*wrong, *filled, *_described(topics, seen, measured is not None)]
    told = [topic for topic in topics if topic.settings.get("retention.ms") is not None]
    value = _duration(min((kept_s(topic, SPECIFIED) for topic in told), default=math.inf))
    if filled and not wrong:
        why = f"wanted: {objective}; seen: {value} at that load, 7 days at the load measured"
        return deviates(name, value, "", objective, why, evidence)
    return passed_if(not wrong, name, value, "", objective, evidence)


def retention_kept(ages_h: Mapping[int, float], start: int, end: int, waited_s: float) -> Check:
    """`ages_h`: offset -> age in hours when it was written; the log is from `start` to `end`."""
    name, unit = "retention kept", "records deleted"
    objective = "those older than 7 days are deleted, the others stay"
    if end != len(ages_h) or not ages_h:
        return not_measured(name, unit, objective, f"{end} of {len(ages_h)} records were written")
    week_h = SEVEN_DAYS_MS / 3_600_000
    wrong = [
        f"offset {offset}, {age:g} hours old, is {'deleted' if offset < start else 'still there'}"
        for offset, age in sorted(ages_h.items())
        if (age > week_h) != (offset < start)
    ]
    told = [
        f"offset {offset}, {age:g} hours old: {'deleted' if offset < start else 'there'}"
        for offset, age in sorted(ages_h.items())
    ]
    return passed_if(
        not wrong, name, start, unit, objective, wrong or [*told, f"after {waited_s:.0f} s"]
    )


def _cap(topic: TopicInForce) -> float:
    """Bytes of all partitions that are never deleted for their size; infinite without a cap."""
    cap = int(topic.settings.get("retention.bytes") or -1)
    return math.inf if cap < 0 else cap * topic.partitions


def _ends_by_size(topic: TopicInForce) -> Iterator[str]:
    filled_s = _cap(topic) / (SPECIFIED.per_s * SPECIFIED.record_bytes)
    if filled_s < SEVEN_DAYS_S:
        most = _cap(topic) / SEVEN_DAYS_S / SPECIFIED.record_bytes
        yield (
            f"retention.bytes={topic.settings['retention.bytes']} x {topic.partitions} "
            f"partition(s) ends after {_duration(filled_s)} at {SPECIFIED}; 7 days hold up to "
            f"{most:.1f} messages/s"
        )


def _described(
    topics: Sequence[TopicInForce], seen: Mapping[str, Load], wanted: bool
) -> Iterator[str]:
    """The settings that decide, and the load that was measured."""
    for topic in (each for each in topics if each.there):
        told = ", ".join(
            f"{key}={topic.settings[key]}"
            for key in ("retention.ms", "retention.bytes", "cleanup.policy", "segment.bytes")
            if topic.settings.get(key) is not None
        )
        yield f"{topic.name}: {told}; whole segments are deleted"
        own = seen.get(topic.name)
        if own is not None:
            yield f"{topic.name}: {own} measured, kept for {_duration(kept_s(topic, own))}"
        elif wanted:
            yield f"{topic.name}: its load could not be measured, as nothing came in 7 days"


def _duration(seconds: float) -> str:
    if math.isinf(seconds):
        return "for ever"
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} seconds"
