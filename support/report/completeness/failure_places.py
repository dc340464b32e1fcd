"""Where the figures of faults, deliveries, recovery and database changes are shown."""

from __future__ import annotations

from collections.abc import Mapping

from support.report.completeness.place import MB, Cell, Place, Words, latency

DELIVERY: Mapping[str, Place] = {
    "delivery.attempted": Words("Records: ", "Records: ", " sent"),
    "delivery.acked": Words("Records: ", "sent, ", " acknowledged"),
    "delivery.rejected": Words("Records: ", "acknowledged, ", " rejected"),
    "delivery.unknown": Words("Records: ", "rejected, ", " unknown"),
    "delivery.lost": Words("Records: ", "unknown; ", " lost"),
    "delivery.received": Words("Records: ", "lost, ", " received"),
    "delivery.duplicates": Words("Records: ", "received, ", " "),
    "delivery.redelivered": Words("Records: ", "stored twice, ", " delivered twice"),
    "delivery.reordered": Words("Records: ", "delivered twice, ", " out of order"),
    "delivery.corrupt": Words("Records: ", "out of order, ", " damaged"),
    "delivery.phantom": Words("Records: ", "damaged, ", " phantom"),
    "recovery.ready_s": Words("Recovery: ", "served again ", " s"),
    "recovery.recovery_s": Words("Recovery: ", " recovery ", " s"),
    "recovery.consumer_recovery_s": Words("Recovery: ", "consumer recovery ", " s"),
    "recovery.consumer_restart_s": Words("Recovery: ", "consumer restart ", " s"),
    "recovery.stall_s": Words("Recovery: ", "longest stall ", " s"),
    "faults.*.injected_at_s": Words("Fault: ", "injected ", " s after"),
    "faults.*.down_at_s": Words("Fault: ", "in effect at ", " s."),
    "faults.*.heal_began_at_s": Words("Fault: ", "The heal began at ", " s"),
    "faults.*.healed_at_s": Words("Fault: ", "was proven at ", " s"),
    "faults.*.times": Words("Fault: ", ", ", " times"),
    "lag.peak": Words("Lag: ", "at most ", " record"),
    "lag.caught_up_s": Words("Lag: ", "gone after ", " s of"),
    "client_errors.*.*": Words("Errors that ", "", " × "),
}

CHANGES: Mapping[str, Place] = {
    **latency("cdc.commit_to_arrival", "commit → arrival"),
    **latency("cdc.commit_to_producer", "commit → Connect's producer"),
    "cdc.transactions": Words("Changes: ", "Changes: ", " transaction"),
    "cdc.committed_changes": Words("Changes: ", "with ", " committed"),
    "cdc.unknown_changes": Words("Changes: ", "and ", " unknown"),
    "cdc.missing": Words("Changes: ", "; ", " missing"),
    "cdc.events": Words("Changes: ", "; ", " event"),
    "cdc.duplicates": Words("Changes: ", ", ", " "),
    "cdc.clock_doubt_ms": Words("PostgreSQL's clock ", "to within ", " ms"),
    "cdc.caught_up_s": Words("", "last change arrived after ", " s"),
    "cdc.confirmed_s": Words("", "confirmed it after ", " s"),
    "cdc.slot_behind_down_bytes": Words("", "the slot was ", " MB of WAL", MB),
    "cdc.wal_retained_down_bytes": Words("", "PostgreSQL kept ", " MB of WAL", MB),
    "snapshot.rows.*": Words("Snapshot of ", "", " {0}"),
    "snapshot.seconds": Words("Snapshot of ", " in ", " s:"),
    "snapshot.rows_per_s": Words("Snapshot of ", ": ", " rows/s"),
}

_RECOVERY: Mapping[str, Cell] = {
    "recovery.recovery_s": Cell("", "recovery, s"),
    "recovery.consumer_restart_s": Cell("", "consumer restart, s"),
    "recovery.stall_s": Cell("", "longest stall, s"),
}
OVERVIEW: Mapping[str, Mapping[str, Cell]] = {
    "delivery": {
        "delivery.lost": Cell("", "lost"),
        "delivery.duplicates": Cell("", "duplicates"),
        "delivery.redelivered": Cell("", "delivered twice"),
        **_RECOVERY,
    },
    "cdc": {
        "cdc.missing": Cell("", "lost"),
        "cdc.duplicates": Cell("", "duplicates"),
        **_RECOVERY,
    },
}
"""Part of a record that puts its scenario into the table on top of delivery.md -> its figures."""
