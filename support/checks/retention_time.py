"""Retention by time, as configured and as it happens.

retention settings: topic and broker keep records for seven days, by the broker's own word.
retention kept: a record older than that is deleted, a younger one stays. FAIL when either is not
so; INCONCLUSIVE when what was written is not there to be judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.configuration import SEVEN_DAYS_MS
from support.checks.judged import not_measured, passed_if
from support.results.schema import Check


def retention_settings(topic: Mapping[str, str | None]) -> Check:
    """`topic`: its settings in force; -1 is for ever."""
    name, objective = "retention settings", f"retention.ms at least {SEVEN_DAYS_MS} (7 days)"
    value = int(topic.get("retention.ms") or 0)
    told = tuple(
        f"{key}={topic[key]}"
        for key in ("retention.bytes", "cleanup.policy", "segment.ms", "segment.bytes")
        if topic.get(key) is not None
    )
    return passed_if(value == -1 or value >= SEVEN_DAYS_MS, name, value, "ms", objective, told)


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
