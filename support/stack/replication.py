"""Checks whether PostgreSQL can create one more replication slot, and waits until it can."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from support import clock
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
"""A transaction that is idle for longer is considered abandoned by its client."""


def check_room(database: Database) -> Capacity:
    """Raises StackError if no slot or WAL sender is free, with those who use them."""
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
            then="drop a slot without a reader (SELECT pg_drop_replication_slot('NAME')), or "
            "raise max_replication_slots and restart the server",
        )
    return None


class Blocking:
    """Follows the open transactions that prevent the creation of a slot."""

    def __init__(self, database: Database, slot: str) -> None:
        self._database, self._slot = database, slot
        self._idle_since: dict[str, int] = {}

    def look(self, of: Collection[str] | None = None) -> list[OpenTransaction]:
        """The open transactions, or those of them whose ids are in `of`.

        Raises Inconclusive, with the transactions, if one has been idle for longer than GRACE.
        """
        now = clock.now_ns()
        found = [each for each in open_transactions(self._database) if of is None or each.xid in of]
        idle = {each.xid for each in found if each.idle}
        self._idle_since = {xid: self._idle_since.get(xid, now) for xid in idle}
        limit_ns = GRACE.total_seconds() * clock.NS_PER_S
        if any(now - since > limit_ns for since in self._idle_since.values()):
            raise blocked_by(found, self._slot)
        return found


def await_no_open_transaction(database: Database, slot: str, within: timedelta) -> None:
    """Waits until every transaction that is open now has ended.

    Raises Inconclusive, with the transactions: soon if one is idle, else after `within`.
    """
    first, blocking = {each.xid for each in open_transactions(database)}, Blocking(database, slot)
    try:
        wait_until(
            lambda: blocking.look(first),
            lambda found: not found,
            within,
            "open transactions to end",
            every=timedelta(milliseconds=200),
        )
    except NotInTime as error:
        found = blocking.look(first)
        if found:
            raise blocked_by(found, slot) from error


def blocked_by(found: list[OpenTransaction], slot: str) -> Inconclusive:
    """The error about open transactions that prevent the creation of a slot."""
    return Inconclusive(
        f"An open transaction prevents the creation of the replication slot {slot}: Debezium waits "
        "until every earlier transaction that changed something has ended.",
        seen=_few([each.described for each in found]),
        then="commit or roll it back there, or end it: " + _few([each.end for each in found]),
    )


def _few(words: Sequence[str]) -> str:
    """The first few of them, and the number of the others."""
    more = len(words) - SHOWN
    return "; ".join(words[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
