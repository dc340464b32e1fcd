"""Retention by time: as configured, and as the broker applies it.

retention settings: the topics' settings keep records for seven days at the load of the
specification. A limit by size counts as the time in which that load fills it. FAIL when time or
size ends sooner, or when compaction removes earlier records of a key. DEVIATION when the load of
the specification fills the size sooner, but the load measured in the topic does not. INCONCLUSIVE
when no topic is known, when a setting that decides is not known, or when topics may be missing.

retention kept: records older than seven days are deleted, younger ones are kept. FAIL when one is
not. INCONCLUSIVE when not all records were written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from support.checks.judged import deviates, not_measured, passed_if, some
from support.record.lag import TopicLoad
from support.record.topic_in_force import TopicInForce
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

UNLIMITED = "unlimited"
SEVEN_DAYS_MS = 604_800_000
SEVEN_DAYS_S = SEVEN_DAYS_MS // 1000

RETAINS = ("retention.ms", "retention.bytes", "cleanup.policy")
"""Settings that decide how long a record is kept; every version of Kafka reports them."""

SPECIFIED = TopicLoad(1000, 5500)
"""The load of the specification: the rate of FR-001, and the mean of the 1 to 10 KB of A-006."""


def kept_s(topic: TopicInForce, load: TopicLoad) -> float:
    """Returns the seconds for which a record is kept at a load spread evenly over the partitions.

    Infinite without a limit by time or size.
    """
    retention_ms = int(topic.settings.get("retention.ms") or 0)
    by_time = math.inf if retention_ms < 0 else retention_ms / 1000
    bytes_per_s = load.per_s * load.record_bytes
    return min(by_time, _cap(topic) / bytes_per_s if bytes_per_s else math.inf)


def retention_findings(topic: TopicInForce) -> Iterator[str]:
    """Yields each setting that ends retention before seven days at the specified load."""
    yield from _ends_by_time(topic)
    yield from _ends_by_size(topic)


def _ends_by_time(topic: TopicInForce) -> Iterator[str]:
    retention = topic.settings.get("retention.ms")
    if retention is not None and -1 < int(retention) < SEVEN_DAYS_MS:
        yield (
            f"retention.ms={retention}: a consumer that stops for longer than "
            f"{_duration(int(retention) / 1000)} loses records"
        )
    policy = topic.settings.get("cleanup.policy") or "delete"
    if "compact" in policy:
        yield (
            f"cleanup.policy={policy}: once the log cleaner has run, earlier changes of a row are "
            "gone, and a consumer that lags never receives them"
        )


def retention_settings(
    topics: Sequence[TopicInForce],
    measured: Mapping[str, TopicLoad] | None = None,
    not_known: Sequence[str] = (),
) -> Check:
    """Judges the settings of topics.

    `measured`: topic -> its measured load, on a stack with a load that the suite did not make.
    `not_known`: why further topics may be missing.
    """
    name, objective = "retention settings", f"records kept for 7 days at {SPECIFIED}"
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
    unknown = [*(each for topic in topics for each in topic.unknown(RETAINS)), *not_known]
    if unknown and not wrong:
        return not_measured(name, "", objective, f"not known: {'; '.join(some(unknown))}")
    evidence = [*wrong, *filled, *_described(topics, seen, measured is not None)]
    value = _shortest(topics)
    if filled and not wrong:
        why = (
            f"The specification requires records to be kept for 7 days at {SPECIFIED}. The "
            f"settings keep them for {value} at that load, and for 7 days at the measured load."
        )
        return deviates(name, value, "", objective, why, evidence)
    return passed_if(not wrong, name, value, "", objective, evidence)


def _shortest(topics: Sequence[TopicInForce]) -> str:
    known = [topic for topic in topics if topic.settings.get("retention.ms") is not None]
    return _duration(min((kept_s(topic, SPECIFIED) for topic in known), default=math.inf))


def retention_kept(ages_h: Mapping[int, float], start: int, end: int, waited_s: float) -> Check:
    """Judges which records the broker deleted.

    `ages_h`: offset -> age in hours at the time of writing. `start` and `end`: the offsets of the
    log after `waited_s` seconds.
    """
    name, unit = "retention kept", "deleted records"
    objective = "records older than 7 days are deleted, the others are kept"
    if end != len(ages_h) or not ages_h:
        return not_measured(name, unit, objective, f"{end} of {len(ages_h)} records written")
    week_h = SEVEN_DAYS_MS / 3_600_000
    limit = exactly(sum(age > week_h for age in ages_h.values()), unit)
    wrong = [
        f"offset {offset}, {age:g} hours old, was {'' if offset < start else 'not '}deleted"
        for offset, age in sorted(ages_h.items())
        if (age > week_h) != (offset < start)
    ]
    outcomes = [
        f"offset {offset}, {age:g} hours old: {'deleted' if offset < start else 'kept'}"
        for offset, age in sorted(ages_h.items())
    ]
    evidence = wrong or [*outcomes, f"after {waited_s:.0f} s"]
    return passed_if(not wrong, name, start, unit, objective, evidence, limit)


def _cap(topic: TopicInForce) -> float:
    """Returns the limit by size of all partitions together, in bytes; infinite without one."""
    cap = int(topic.settings.get("retention.bytes") or -1)
    return math.inf if cap < 0 else cap * topic.partitions


def _ends_by_size(topic: TopicInForce) -> Iterator[str]:
    filled_s = _cap(topic) / (SPECIFIED.per_s * SPECIFIED.record_bytes)
    if filled_s < SEVEN_DAYS_S:
        most = _cap(topic) / SEVEN_DAYS_S / SPECIFIED.record_bytes
        yield (
            f"retention.bytes={topic.settings['retention.bytes']} for each of "
            f"{counted(topic.partitions, 'partitions')} is full after {_duration(filled_s)} at "
            f"{SPECIFIED}; it lasts 7 days for up to {most:.1f} messages/s"
        )


def _described(
    topics: Sequence[TopicInForce], seen: Mapping[str, TopicLoad], wanted: bool
) -> Iterator[str]:
    """Yields each topic's settings, and its measured load where one is `wanted`."""
    for topic in (each for each in topics if each.exists):
        settings = ", ".join(
            f"{key}={topic.settings[key]}"
            for key in ("retention.ms", "retention.bytes", "cleanup.policy", "segment.bytes")
            if topic.settings.get(key) is not None
        )
        yield f"{topic.name}: {settings}; only whole segments are deleted"
        own = seen.get(topic.name)
        if own is not None:
            yield f"{topic.name}: {own} measured, retention {_duration(kept_s(topic, own))}"
        elif wanted:
            yield f"{topic.name}: load not measured, because no record arrived in 7 days"


def _duration(seconds: float) -> str:
    if math.isinf(seconds):
        return UNLIMITED
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} seconds"
