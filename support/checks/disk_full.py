"""What a broker and its producers do when the disk is full.

disk full: the broker says so in its log, in words that name the cause, and stores nothing more.
INCONCLUSIVE when there was room left.
producer told: a producer with a short time limit learns that its record was not stored. FAIL when
it was acknowledged by a broker whose disk is full.
resumes after space is freed: EC-1 lets producers retry as soon as there is space. PASS when the
broker serves again without a restart, DEVIATION when it has to be started again, INCONCLUSIVE when
the disk was never full.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import deviates, not_measured, passed_if
from support.results.schema import Check

CAUSE = "No space left on device"
ROOM_BYTES = 2_000_000
"""Less than this is full: a batch of the load does not fit, nor do Kafka's preallocated indexes."""


def disk_full(free_bytes: int | None, proofs: Sequence[str]) -> Check:
    """`free_bytes` when it was felt; `proofs` of the fault, with the lines that were logged."""
    name, unit, objective = "disk full", "bytes free", f"the log names the cause: '{CAUSE}'"
    if not is_full(free_bytes):
        return not_measured(name, unit, objective, f"{free_bytes} bytes were free")
    clear = any(CAUSE in proof for proof in proofs)
    return passed_if(clear, name, free_bytes or 0, unit, objective, proofs)


def is_full(free_bytes: int | None) -> bool:
    """False where nobody looked."""
    return free_bytes is not None and free_bytes <= ROOM_BYTES


def resumes_without_restart(full: bool, halted: bool, resumed: bool) -> Check:
    """`full`: the disk was; `halted`: the broker's process ended; `resumed`: it served clients
    again by itself."""
    name, objective = "resumes after space is freed", "served again without a restart"
    if not full:
        return not_measured(name, "", objective, "the disk was never full")
    if resumed:
        return passed_if(True, name, "without a restart", "", objective)
    how = "the broker halted" if halted else "the broker stayed alive and served nobody"
    deviation = (
        "The specification (EC-1) wants producers to succeed again once space is freed. Here "
        f"{how}, so it had to be started again."
    )
    return deviates(name, "after a restart", "", objective, deviation)


def producer_told(error: str | None, waited_s: float) -> Check:
    """`error`: name of the error of one record that was sent meanwhile; empty when it was stored,
    None when none was sent."""
    name, unit, objective = "producer told", "", "an error or a time-out, and no acknowledgement"
    if error is None:
        return not_measured(name, unit, objective, "nothing was sent while the disk was full")
    told = f"{error or 'acknowledged'} after {waited_s:.1f} s"
    return passed_if(bool(error), name, told, unit, objective)
