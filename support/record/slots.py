"""A replication slot as PostgreSQL describes it."""

from __future__ import annotations

from dataclasses import dataclass

LOST = "lost"
"""wal_status (PostgreSQL 13 and newer) of a slot whose write-ahead log was removed."""


@dataclass(frozen=True)
class Slot:
    """`active_pid` is None while nobody reads. Log sequence numbers and sizes in bytes of
    write-ahead log: confirmed by the reader (0 while the slot is being made), written by the
    server, kept because of the slot. `wal_status` is empty where the server does not tell."""

    active_pid: int | None
    confirmed_lsn: int
    written_lsn: int
    retained_bytes: int
    wal_status: str = ""

    @property
    def behind_bytes(self) -> int:
        """Written and not confirmed."""
        return self.written_lsn - self.confirmed_lsn


def lsn_text(position: int) -> str:
    """A log sequence number as PostgreSQL writes it."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"
