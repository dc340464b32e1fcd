"""How much write-ahead log the server keeps for replication slots.

retained WAL: what is kept for the slot of each connector stays below half of
max_slot_wal_keep_size, or below 1 GB where the server has no limit. FAIL names the slot and the
remedy. A server without a limit is a WARNING: a connector that stops for long fills its disk.
abandoned slots: no other slot that nothing reads keeps write-ahead log. FAIL names each one that
would fill the disk. A slot that the server's limit ends is a WARNING.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.judged import none_of, not_measured
from support.checks.team_connectors import megabytes
from support.record.slots import LOST
from support.record.team_pipeline import PipelineRecord, SlotSeen
from support.results.schema import Check

RETAINED, ABANDONED, UNIT = "retained WAL", "abandoned slots", "slots"
OWN_LIMIT_BYTES = 1_000_000_000
"""The limit of this suite for a server that has none."""
SHARE = 2
"""The limit is max_slot_wal_keep_size divided by this, which leaves time to react."""
SEGMENT_BYTES = 16 * 2**20
"""The current segment of the log, which a server keeps in any case."""
LEFT_BY_THE_SUITE = "kafka_validation_run_"
"""Prefix of the names of the suite's slots."""
UNRESERVED = "unreserved"
"""wal_status of a slot whose log may be removed by the next checkpoint."""


def retained_wal(seen: PipelineRecord) -> Check:
    """Judges what the server keeps for the connectors' own slots."""
    limit = OWN_LIMIT_BYTES if seen.keep_bytes is None else seen.keep_bytes // SHARE
    whose = "as the server has no limit" if seen.keep_bytes is None else "half of its limit"
    objective = f"below {megabytes(limit)} for each connector's slot ({whose})"
    own = _own(seen)
    if not own:
        return not_measured(RETAINED, UNIT, objective, "no connector's slot is known")
    wrong = [each for slot in own for each in _too_much(slot, limit)]
    if seen.left_out and not wrong:
        return not_measured(RETAINED, UNIT, objective, "; ".join(seen.left_out))
    shown = [f"slot {slot.name}: {megabytes(slot.retained_bytes)}{_status(slot)}" for slot in own]
    return none_of(RETAINED, UNIT, objective, wrong, [*_no_limit(seen), *shown])


def abandoned_slots(seen: PipelineRecord) -> Check:
    """Judges the slots that belong to none of the connectors."""
    objective = "no other slot that nothing reads keeps write-ahead log"
    owned = {connector.slot for connector in seen.connectors}
    others = [slot for slot in seen.slots if slot.name not in owned]
    idle = [slot for slot in others if not slot.active and slot.wal_status != LOST]
    filling = [slot for slot in idle if slot.retained_bytes > SEGMENT_BYTES]
    words = [
        f"slot {slot.name}{_of(slot)} is inactive, {megabytes(slot.retained_bytes)} of WAL kept"
        for slot in filling
    ]
    if seen.keep_bytes is None:
        found = [
            f"{each}, and more until the disk is full; next: {_drop(slot)}"
            for slot, each in zip(filling, words, strict=True)
        ]
        return none_of(ABANDONED, UNIT, objective, found, _harmless(others, filling))
    ends = f"until max_slot_wal_keep_size ({megabytes(seen.keep_bytes)}) ends it"
    warnings = [
        f"WARNING: {each}, {ends}; next: {_drop(slot)}"
        for slot, each in zip(filling, words, strict=True)
    ]
    return none_of(ABANDONED, UNIT, objective, (), [*warnings, *_harmless(others, filling)])


def _own(seen: PipelineRecord) -> list[SlotSeen]:
    return [slot for c in seen.connectors if (slot := seen.slot(c.slot)) is not None]


def _too_much(slot: SlotSeen, limit: int) -> Iterator[str]:
    if slot.wal_status in (LOST, UNRESERVED):
        yield (
            f"slot {slot.name}: wal_status={slot.wal_status}: the write-ahead log that it needs is "
            "removed, or will be at the next checkpoint; next: raise max_slot_wal_keep_size, and "
            "let the connector catch up, or take a new snapshot"
        )
    elif slot.retained_bytes >= limit:
        reader = "its connector does not keep up" if slot.active else "nothing reads it"
        yield (
            f"slot {slot.name}: {megabytes(slot.retained_bytes)} of WAL kept{_status(slot)}: "
            f"{reader}, or a transaction has been open for long; next: SELECT * FROM "
            f"pg_replication_slots WHERE slot_name = '{slot.name}', and Kafka Connect's log"
        )


def _no_limit(seen: PipelineRecord) -> Iterator[str]:
    if seen.keep_bytes is None:
        yield (
            "WARNING: max_slot_wal_keep_size=-1: while a connector is away, the server keeps WAL "
            "until its disk is full; next: set it to what fits on the disk, and watch wal_status"
        )


def _status(slot: SlotSeen) -> str:
    parts = [f"wal_status={slot.wal_status}"] if slot.wal_status else []
    parts += [] if slot.safe_bytes is None else [f"{megabytes(slot.safe_bytes)} until it is lost"]
    return f" ({', '.join(parts)})" if parts else ""


def _harmless(others: list[SlotSeen], filling: list[SlotSeen]) -> Iterator[str]:
    for slot in others:
        if slot not in filling:
            use = "active" if slot.active else "inactive"
            yield f"slot {slot.name}: {use}, {megabytes(slot.retained_bytes)} of WAL kept"


def _of(slot: SlotSeen) -> str:
    return f" of database {slot.database}" if slot.database else " (physical)"


def _drop(slot: SlotSeen) -> str:
    if slot.name.startswith(LEFT_BY_THE_SUITE):
        return "make clean-remote removes what a killed run of this suite left"
    return f"start its reader, or SELECT pg_drop_replication_slot('{slot.name}')"
