"""A replication slot as PostgreSQL describes it."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section

LOST = "lost"
"""wal_status (PostgreSQL 13 and newer) of a slot whose write-ahead log was removed."""


@dataclass(frozen=True)
class Slot:
    """A replication slot; positions (LSN) and sizes in bytes of write-ahead log.

    `active_pid` is the server process of the reader, None while nothing reads it. The reader has
    confirmed everything up to `confirmed_lsn`, which is 0 while the slot is being made.
    `written_lsn` is the end of the log, `retained_bytes` what the server keeps for the slot.
    `wal_status` is empty on a server that does not report it.
    """

    active_pid: int | None
    confirmed_lsn: int
    written_lsn: int
    retained_bytes: int
    wal_status: str = ""

    @property
    def behind_bytes(self) -> int:
        """Bytes that were written and are not confirmed."""
        return self.written_lsn - self.confirmed_lsn


@dataclass(frozen=True)
class SlotRecord:
    """The slot after the last change; None when it is gone.

    `began_lsn` and `ended_lsn` are the end of the write-ahead log before the first change that has
    to arrive, and after the last one. The slot was watched for `waited_s` seconds, of the
    `needed_s` within which a connector that works confirms something. `confirmed_ns` (monotonic)
    is when it was seen to be confirmed up to `ended_lsn`, or to be lost; None when neither was.
    `heartbeat_ms` is the connector's heartbeat.interval.ms.
    """

    name: str
    slot: Slot | None
    began_lsn: int
    ended_lsn: int
    waited_s: float
    needed_s: float
    confirmed_ns: int | None
    heartbeat_ms: int


SLOT = json_section("slot", SlotRecord)
SLOT_WHILE_BROKEN = json_section("slot_while_broken", Slot)
"""The slot just before the heal; not recorded where there was no slot, or no server to ask."""


def lsn_text(position: int) -> str:
    """Returns a log sequence number as PostgreSQL writes it."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"
