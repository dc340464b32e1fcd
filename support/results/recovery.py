"""Faults, and the time until clients were served again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recovery:
    """Times of a recovery in seconds.

    For database changes, the arrival of an event counts instead of an acknowledgement, and a
    committed change instead of a sent record.
    """

    recovery_s: float | None
    """From the start of the heal to the first acknowledgement of a new record. None where clients
    were served throughout."""
    consumer_recovery_s: float | None
    """From the start of the heal to the first new record that a consumer processed. None where
    clients were served throughout."""
    stall_s: float | None
    """The longest time in which a record waited and none was acknowledged."""
    ready_s: float | None = None
    """From the start of the heal to the first proof that clients are served: a request of the
    suite, or a record of a load that had stopped."""
    consumer_restart_s: float | None = None
    """From the start of a restarted consumer to the first record that it processed."""


@dataclass(frozen=True)
class Fault:
    """A fault: its phases in seconds from the start of the load, and the proofs of its effect."""

    name: str
    injected_at_s: float
    down_at_s: float
    heal_began_at_s: float
    healed_at_s: float
    proofs: tuple[str, ...]
    times: int = 1
    """How often the fault was injected."""
