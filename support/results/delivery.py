"""Outcome of a load's records, as counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Delivery:
    """Counts of records. `received`: by the consumer, or without one by the final reader.

    Counts that need a complete reading of the log are None when it was not read to its end.
    """

    attempted: int
    acked: int
    rejected: int
    unknown: int
    received: int
    lost: int | None
    duplicates: int | None
    redelivered: int
    reordered: int | None
    corrupt: int
    phantom: int | None
    loss_upper_bound_95: float | None
    """Upper bound (95 %) of the probability that a record is lost, by the rule of three: 3 / acked.
    Only for a load without a fault and without a loss. None after a fault: what it does to many
    records is one observation, so that only faults can be counted."""
