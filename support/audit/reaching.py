"""Waits until a connector has sent everything up to the cut to Kafka."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from support import clock
from support.audit.snapshot import TablesAtCut, slot_of
from support.clients.broker import BrokerClient
from support.clients.database import Database
from support.clients.team_connectors import PostgresConnector
from support.errors import NotInTime
from support.record.audit import CutRecord
from support.waiting import wait_until

SENT = """
SELECT sent_lsn - '0/0'::pg_lsn FROM pg_stat_replication WHERE pid = %s AND state = 'streaming'
"""
EVERY = timedelta(seconds=1)


@dataclass(frozen=True)
class Position:
    """How far a connector is: LSNs that it has confirmed and that PostgreSQL has sent to it (None
    if this role may not see that), and for how long neither these nor its topics changed."""

    confirmed_lsn: int
    sent_lsn: int | None
    quiet_s: float

    def is_quiet(self, lsn: int, quiet: timedelta) -> bool:
        """Whether everything up to `lsn` was sent, and nothing has come of it for so long."""
        sent = self.sent_lsn is not None and self.sent_lsn >= lsn
        return sent and self.quiet_s >= quiet.total_seconds()


def await_cut(
    broker: BrokerClient,
    conninfo: str,
    connector: PostgresConnector,
    read: TablesAtCut,
    topics: Sequence[str],
    within: timedelta,
    quiet: timedelta,
) -> CutRecord:
    """Waits until the slot has confirmed the cut, and returns how it ended.

    While nothing is changed, a slot may never confirm it. Then it is enough that PostgreSQL has
    sent the connector everything up to the cut, and that nothing moves for `quiet`.
    """
    database, began = Database(conninfo), clock.now_ns()
    watched = _Watched(broker, database, connector, topics)
    with suppress(NotInTime):
        wait_until(
            watched.look,
            lambda seen: seen.confirmed_lsn >= read.cut.lsn or seen.is_quiet(read.cut.lsn, quiet),
            within,
            f"the slot {connector.slot} to confirm the cut",
            every=EVERY,
        )
    last = watched.last
    waited_s = (clock.now_ns() - began) / clock.NS_PER_S
    settled = last.confirmed_lsn < read.cut.lsn and last.is_quiet(read.cut.lsn, quiet)
    return CutRecord(
        *(read.snapshot, read.cut.lsn, read.open_s, last.confirmed_lsn, waited_s), settled
    )


class _Watched:
    def __init__(
        self,
        broker: BrokerClient,
        database: Database,
        connector: PostgresConnector,
        topics: Sequence[str],
    ) -> None:
        self._broker, self._database = broker, database
        self._connector, self._topics = connector, topics
        self._moved_ns, self._before = clock.now_ns(), (0, 0)
        self.last = Position(0, None, 0.0)

    def look(self) -> Position:
        """Returns the connector's position now. Raises Inconclusive if nothing reads the slot."""
        slot = slot_of(self._database, self._connector)
        rows = self._database.query(SENT, (slot.active_pid,))
        sent = int(rows[0][0]) if rows and rows[0][0] is not None else None
        ends = sum(sum(self._broker.end_offsets(topic).values()) for topic in self._topics)
        if (slot.confirmed_lsn, ends) != self._before:
            self._before, self._moved_ns = (slot.confirmed_lsn, ends), clock.now_ns()
        quiet_s = (clock.now_ns() - self._moved_ns) / clock.NS_PER_S
        self.last = Position(slot.confirmed_lsn, sent, quiet_s)
        return self.last
