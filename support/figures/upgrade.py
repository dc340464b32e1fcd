"""Figures of one step of an upgrade: what each client noticed, and which defaults changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.clock import NS_PER_S
from support.figures.cdc_times import recovery_of_changes
from support.figures.recovery import stalls_during
from support.record.archive import HISTORY
from support.record.faults import FAULTS
from support.record.load import LOAD
from support.record.record import Record
from support.record.upgrade import UPGRADE
from support.results.upgrade import ChangedDefault, UpgradeStep


def upgrade_step(record: Record) -> UpgradeStep | None:
    """Returns the step with the stalls that clients saw; None where nothing was upgraded."""
    seen = record.get(UPGRADE)
    if seen is None:
        return None
    fault = record[FAULTS].first
    producer_ns, consumer_ns = stalls_of_load(record)
    changes = record.compute(recovery_of_changes)
    started_s = (fault.healed_ns - fault.heal_began_ns) / NS_PER_S
    return UpgradeStep(
        seen.step,
        seen.before.versions,
        seen.after.versions,
        _seconds(producer_ns),
        _seconds(consumer_ns),
        changes.stall_s if changes else None,
        round(started_s, 3) if seen.starts else None,
        seen.refused,
        tuple(changed_defaults(seen.before.defaults, seen.after.defaults)),
        seen.warnings,
    )


def stalls_of_load(record: Record) -> tuple[int | None, int | None]:
    """Returns the longest stalls of producer and consumer during the step, in ns."""
    if not record.has(LOAD):
        return None, None
    return stalls_during(record[HISTORY], record[FAULTS].first, record[LOAD].ended_ns)


def changed_defaults(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> Iterator[ChangedDefault]:
    """Yields each default that differs, also of settings that only one of the versions has."""
    for part in before.keys() & after.keys():
        one, other = before[part], after[part]
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                yield ChangedDefault(part, name, one.get(name), other.get(name))


def _seconds(duration_ns: int | None) -> float | None:
    return None if duration_ns is None else round(duration_ns / NS_PER_S, 3)
