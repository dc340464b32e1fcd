"""Judges what was seen of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.stack.replication import no_room
from support.survey.captured import Captured
from support.survey.findings import DatabaseFound, Slot
from support.survey.lines import Line, clock_line, counted, few, fine, note, unusable, warning

MUCH_WAL = 1_000_000_000
"""More WAL than this, in bytes, is worth a warning if nobody reads the slot."""
KEPT_SAFELY = ("reserved", "extended", "")


def judge_database(found: DatabaseFound, captured: Sequence[Captured]) -> Iterator[Line]:
    """Yields the lines about a server and a database."""
    yield fine(f"version {found.version}, {found.security}, as {found.role}")
    yield from _rights(found)
    yield from _room(found)
    for each in found.blocking:
        yield warning(f"change data capture can't start before this ends: {each}")
    for slot in found.slots:
        yield from _slot(slot)
    yield from _tables(found, captured)
    yield clock_line("PostgreSQL", found.skew_ms)


def _rights(found: DatabaseFound) -> Iterator[Line]:
    if found.logical_trouble:
        yield unusable(found.logical_trouble)
    else:
        yield fine("logical replication is on (wal_level=logical)")
    if found.rights_trouble:
        yield unusable(found.rights_trouble)
    elif no_room(found.room) is None:
        yield fine(f"{found.role} may replicate, and create a schema and a publication")
    for each in found.rights_warnings:
        yield warning(each.removeprefix("WARNING: "))


def _room(found: DatabaseFound) -> Iterator[Line]:
    room = found.room
    problem = no_room(room)
    if problem is not None:
        yield unusable(str(problem))
        return
    yield fine(
        f"{room.slots - len(room.held_slots)} of {room.slots} replication slots and "
        f"{room.senders - len(room.held_senders)} of {room.senders} WAL senders are free"
    )


def _slot(slot: Slot) -> Iterator[Line]:
    kept = f"{slot.kept_bytes / 1e6:,.0f} MB of WAL"
    drop = f"restart its reader, or SELECT pg_drop_replication_slot('{slot.name}')"
    if slot.wal_status not in KEPT_SAFELY:
        yield warning(
            f"slot {slot.name} is {slot.wal_status}: changes that its reader has not read are "
            "lost, or soon will be",
            "a new slot and a new snapshot; max_slot_wal_keep_size limits what is kept",
        )
    elif not slot.active and slot.kept_bytes > MUCH_WAL:
        yield warning(f"slot {slot.name} has no reader and keeps {kept}: it fills the disk", drop)
    elif not slot.active:
        yield note(f"slot {slot.name} has no reader and keeps {kept}")
    else:
        yield fine(f"slot {slot.name} is read, and keeps {kept}")


def _tables(found: DatabaseFound, captured: Sequence[Captured]) -> Iterator[Line]:
    tables = {str(each.table): each for each in captured}
    unread = sorted(name for name, each in tables.items() if not each.table.readable)
    if unread:
        yield warning(
            f"captured tables that {found.role} may not read, so that they can't be audited: "
            f"{few(unread)}",
            f"GRANT SELECT ON {few(unread)} TO {found.role}",
        )
    unpublished = sorted(name for name, each in tables.items() if not each.published)
    if unpublished:
        yield warning(
            f"tables that the connector's filters let pass, and its publication lacks: "
            f"{few(unpublished)}: their changes do not reach Kafka",
            "ALTER PUBLICATION ... ADD TABLE, or exclude them",
        )
    without = sorted(name for name, each in tables.items() if not each.table.has_key)
    if without:
        yield note(f"captured tables without a primary key: {few(without)}")
    readable = len(tables) - len(unread)
    if readable:
        yield fine(f"{counted(readable, 'captured table')} can be read")
