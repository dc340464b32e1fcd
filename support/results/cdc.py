"""Figures of change data capture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.results.latency import LatencySummary


@dataclass(frozen=True)
class CdcFigures:
    """Changes of rows, and the events that Debezium made of them."""

    transactions: int
    committed_changes: int
    unknown_changes: int
    """Changes of transactions whose commit was cut off: they may be committed or not."""
    events: int
    missing: int | None
    duplicates: int
    commit_to_arrival: LatencySummary | None = None
    """From the commit to the first arrival at a reader: what a consumer waits. PostgreSQL's clock
    is corrected by its measured offset. None in runs that did not measure it."""
    commit_to_producer: LatencySummary | None = None
    """From the commit (PostgreSQL's clock) to the record's timestamp (Connect's clock). Connect's
    producer sets it when it queues the event, so an outage of the broker does not show in it."""
    clock_doubt_ms: float | None = None
    """Uncertainty of PostgreSQL's clock against this host's, in either direction."""
    caught_up_s: float | None = None
    """From the last committed change (or the heal, if that was later) to the arrival of its event;
    None when it did not arrive."""
    confirmed_s: float | None = None
    """From the same moment until the replication slot confirmed all changes; None when it did not
    during the observation."""
    slot_behind_down_bytes: int | None = None
    """Write-ahead log that the slot had not confirmed at the end of the outage."""
    wal_retained_down_bytes: int | None = None
    """Write-ahead log that the server kept for the slot at the end of the outage."""


@dataclass(frozen=True)
class SnapshotFigures:
    """Rows by table, and the time from the connector's registration to the last event."""

    rows: Mapping[str, int]
    seconds: float
    rows_per_s: float
