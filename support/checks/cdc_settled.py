"""Whether change data capture has caught up when the writer has stopped.

CDC caught up: the event of the last committed change arrived at a reader, within a limit that
counts from its commit, or from the proof of the heal where that was later. INCONCLUSIVE when the
watch died, or when it was waited for less than the limit.
replication slot: the slot is there, is not lost, and confirmed something of what was written. FAIL
names what is gone with a lost slot. INCONCLUSIVE when nothing was confirmed yet and it was not
waited for as long as the connector's heartbeat and offset flush need.
slot confirmed: from the same moment until the slot confirmed everything. A figure without a limit:
on a quiet database it shows the rhythm of the connector's heartbeat and not how fast CDC is.
INCONCLUSIVE when it did not come in that rhythm.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import measured, not_measured, passed_if
from support.record.slots import LOST, Slot, lsn_text
from support.results.schema import Check


def caught_up(
    arrived_s: float | None,
    waited_s: float,
    limit_s: float,
    *,
    hopeless: str = "",
    trouble: str = "",
    reported: Sequence[str] = (),
) -> Check:
    """`arrived_s` is None when it did not come in the `waited_s`; `hopeless`: why it never can;
    `trouble`: why arrivals are not known; `reported`: errors that the reader's client reported."""
    name, unit = "CDC caught up", "s"
    objective = f"within {limit_s:g} s after the last change, by the arrival of its event"
    if arrived_s is not None:
        return passed_if(arrived_s <= limit_s, name, round(arrived_s, 2), unit, objective)
    if trouble:
        return not_measured(name, unit, objective, trouble)
    why = hopeless or f"its event did not arrive within {waited_s:.1f} s"
    if not hopeless and waited_s < limit_s:
        return not_measured(name, unit, objective, f"{why}, and it was not waited longer")
    return passed_if(False, name, "never", "", objective, (why, *reported))


def slot_lost(name: str, slot: Slot) -> str:
    """What a lost slot means, and what to do."""
    return (
        f"The replication slot {name} is lost (wal_status=lost): PostgreSQL removed "
        "write-ahead log that Debezium had not read. "
        f"Changes after {lsn_text(slot.confirmed_lsn)} are gone for "
        "CDC: nothing sends them any more."
    )


REMEDY = (
    "Raise max_slot_wal_keep_size (-1: no limit) so that it covers the longest absence of Connect; "
    "then drop the slot and take a new snapshot (snapshot.mode=initial with a new slot, or an "
    "incremental snapshot)."
)


def replication_slot(
    name: str, slot: Slot | None, began_lsn: int, waited_s: float, needed_s: float
) -> Check:
    """`began_lsn`: where the write-ahead log stood when the first change was made; `needed_s`: how
    long a connector that works may take to confirm something."""
    objective = "there, not lost, and confirmed by the connector as it goes on"
    check = "replication slot"
    if slot is None:
        gone = f"There is no replication slot {name}: somebody dropped it."
        return passed_if(False, check, "none", "", objective, (gone,))
    if slot.wal_status == LOST:
        return passed_if(False, check, LOST, "", objective, (slot_lost(name, slot), REMEDY))
    moved = slot.confirmed_lsn - began_lsn
    if moved <= 0:
        why = (
            f"The connector confirmed nothing of what was written, for {waited_s:.0f} s after the "
            f"last change: the server keeps all of it ({slot.retained_bytes / 1e6:.1f} MB now)"
        )
        if waited_s < needed_s:
            more = f"{why}; it was not waited for {needed_s:g} s, which it may take"
            return not_measured(check, "", objective, more)
        still = (
            why,
            "seen with Debezium before 3.1.1 on Kafka Connect 4, and with flush.lsn.source=false",
        )
        return passed_if(False, check, "not confirmed", "", objective, still)
    told = f"{moved} bytes of write-ahead log confirmed since the first change"
    return passed_if(True, check, slot.wal_status or "in use", "", objective, (told,))


def slot_confirmed(seconds: float | None, waited_s: float, heartbeat_ms: int) -> Check:
    """`seconds` is None when it did not come in the `waited_s`."""
    name = "slot confirmed"
    rhythm = f"the connector's heartbeat.interval.ms={heartbeat_ms} moves it on a quiet database"
    if heartbeat_ms == 0:
        rhythm = (
            "the connector has heartbeat.interval.ms=0: on a quiet database nothing confirms what "
            "PostgreSQL writes beside the captured tables, and it keeps that log"
        )
    if seconds is None:
        return not_measured(name, "s", "no limit", f"not within {waited_s:.0f} s; {rhythm}")
    return measured(name, round(seconds, 2), "s", (rhythm,))
