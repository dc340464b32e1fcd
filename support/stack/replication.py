"""Whether PostgreSQL has room for one more replication slot, and lets it be made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from support.clients.database import Database
from support.clients.obstacles import (
    Capacity,
    OpenTransaction,
    open_transactions,
    replication_capacity,
)
from support.errors import Inconclusive, NotInTime, StackError
from support.waiting import wait_until

SHOWN = 5
GRACE = timedelta(seconds=5)
"""A transaction that is at work ends within this time; one that is idle does not."""


def check_room(database: Database) -> Capacity:
    """Raises StackError that names who holds what there is none of."""
    room = replication_capacity(database)
    problem = no_room(room)
    if problem is not None:
        raise problem
    return room


def no_room(room: Capacity) -> StackError | None:
    if len(room.held_senders) >= room.senders:
        return StackError(
            f"No WAL sender of PostgreSQL is free (max_wal_senders={room.senders}): Debezium needs "
            "one to read changes.",
            seen=_few(room.held_senders) or "none is allowed",
            then="end a reader that is not needed, or raise max_wal_senders and restart the server",
        )
    if len(room.held_slots) >= room.slots:
        return StackError(
            "PostgreSQL has no replication slot left "
            f"(max_replication_slots={room.slots}): Debezium needs one.",
            seen=_few(room.held_slots) or "none is allowed",
            then="drop a slot that nobody reads (SELECT pg_drop_replication_slot('NAME')), or "
            "raise max_replication_slots and restart the server",
        )
    return None


def await_no_open_transaction(database: Database, slot: str, within: timedelta = GRACE) -> None:
    """Until every transaction that is open now has ended. Raises Inconclusive that names them."""
    first = {each.xid for each in open_transactions(database)}

    def still_open() -> list[OpenTransaction]:
        return [each for each in open_transactions(database) if each.xid in first]

    try:
        wait_until(
            still_open,
            lambda found: not found,
            within,
            "open transactions to end",
            every=timedelta(milliseconds=200),
        )
    except NotInTime as error:
        found = still_open()
        if found:
            raise blocked_by(found, slot) from error


def blocked_by(found: list[OpenTransaction], slot: str) -> Inconclusive:
    """What an open transaction keeps waiting."""
    return Inconclusive(
        f"An open transaction keeps the replication slot {slot} from being made: Debezium waits "
        "until every transaction that changed something before has ended.",
        seen=_few([each.described for each in found]),
        then="commit or roll it back there, or end it: " + _few([each.end for each in found]),
    )


def _few(words: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(words) - SHOWN
    return "; ".join(words[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
