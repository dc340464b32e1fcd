"""How a broker and its producers behave when the disk is full.

disk full: the broker names the cause in its log. FAIL when it does not. INCONCLUSIVE when space was
left.

error at the producer: a producer with a short timeout gets an error for its record. FAIL when the
record was acknowledged. INCONCLUSIVE when none was sent while the disk was full.

resumes after space is freed: EC-1 lets producers retry as soon as there is space. PASS when the
broker serves clients again without a restart, DEVIATION when it has to be started again.
INCONCLUSIVE when the disk was never full.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import deviates, not_measured, passed_if
from support.results.schema import Check

CAUSE = "No space left on device"
ROOM_BYTES = 2_000_000
"""A disk with less free space counts as full: no batch of the load and no index file fits."""


def disk_full(free_bytes: int | None, proofs: Sequence[str]) -> Check:
    """Judges whether the broker's log names the cause.

    `free_bytes`: free space when clients noticed the fault; None where it was not measured.
    `proofs` of the fault include the lines of the log.
    """
    name, unit, objective = "disk full", "bytes free", f"the log names the cause: '{CAUSE}'"
    if not is_full(free_bytes):
        why = "the free space is not known" if free_bytes is None else f"{free_bytes:,} bytes free"
        return not_measured(name, unit, objective, why)
    clear = any(CAUSE in proof for proof in proofs)
    return passed_if(clear, name, free_bytes or 0, unit, objective, proofs)


def is_full(free_bytes: int | None) -> bool:
    """Whether a disk with so much free space is full; False where the space is not known."""
    return free_bytes is not None and free_bytes <= ROOM_BYTES


def resumes_without_restart(full: bool, halted: bool, resumed: bool) -> Check:
    """Judges whether a restart was needed after the disk was `full`.

    `halted`: the broker's process ended. `resumed`: it served clients again by itself.
    """
    name, objective = "resumes after space is freed", "clients are served again without a restart"
    if not full:
        return not_measured(name, "", objective, "the disk was never full")
    if resumed:
        return passed_if(True, name, "without a restart", "", objective)
    how = "stopped" if halted else "kept running but served no client"
    deviation = (
        "The specification (EC-1) requires producers to succeed again once space is freed. The "
        f"broker {how} and had to be started again."
    )
    return deviates(name, "after a restart", "", objective, deviation)


def error_at_the_producer(error: str | None, waited_s: float) -> Check:
    """Judges the answer to a record that was sent while the disk was full.

    `error`: its name; empty when the record was acknowledged, None when none was sent.
    """
    name, unit, objective = (
        "error at the producer",
        "",
        "an error or a timeout, no acknowledgement",
    )
    if error is None:
        return not_measured(name, unit, objective, "no record was sent while the disk was full")
    outcome = f"{error or 'acknowledged'} after {waited_s:.1f} s"
    return passed_if(bool(error), name, outcome, unit, objective)
