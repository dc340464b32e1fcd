"""Whether change data capture has caught up after the last change.

CDC caught up: the event of the last committed change arrived at a reader, within a limit that
counts from its commit, or from the proof of the heal if that was later. INCONCLUSIVE when the
reader died, or when the wait was shorter than the limit.
replication slot: the slot exists, is not lost, and the connector has confirmed at least some of the
write-ahead log. FAIL names what is gone with a lost slot. INCONCLUSIVE when nothing was confirmed
and the wait was shorter than the connector's heartbeat and offset flush take.
slot confirmed: the time from the same moment until the slot confirmed everything. It has no limit:
on a quiet database it shows the rhythm of the connector's heartbeat and not how fast CDC is.
INCONCLUSIVE when nothing was confirmed in that rhythm.
task state: the connector and every task are RUNNING. A connector can be RUNNING while its task is
not.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import measured, not_measured, passed_if
from support.record.slots import LOST, Slot, lsn_text
from support.results.schema import Check

CATCH_UP_S = 60
"""Seconds after the last change within which its event has to arrive."""


def caught_up(
    arrived_s: float | None,
    waited_s: float,
    limit_s: float = CATCH_UP_S,
    *,
    hopeless: str = "",
    trouble: str = "",
    reported: Sequence[str] = (),
) -> Check:
    """Judges how soon the event of the last change arrived.

    `arrived_s` is None when it did not arrive in the `waited_s`. `hopeless`: why it never can.
    `trouble`: why arrivals are not known. `reported`: errors of the reader's client.
    """
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
    """Returns what a lost slot means."""
    return (
        f"The replication slot {name} is lost (wal_status=lost): PostgreSQL removed "
        "write-ahead log that Debezium had not read. "
        f"Changes after {lsn_text(slot.confirmed_lsn)} are gone for "
        "CDC: nothing sends them any more."
    )


KNOWN_CAUSES = "seen with Debezium before 2.6.2 on Kafka Connect 4, and with flush.lsn.source=false"
REMEDY = (
    "Raise max_slot_wal_keep_size (-1: no limit) so that it covers the longest absence of Connect; "
    "then drop the slot and take a new snapshot (snapshot.mode=initial with a new slot, or an "
    "incremental snapshot)."
)


def replication_slot(
    name: str, slot: Slot | None, began_lsn: int, waited_s: float, needed_s: float
) -> Check:
    """Judges the slot called `name`; None when it is gone.

    `began_lsn`: end of the write-ahead log before the first change. `needed_s`: how long a
    connector that works may take to confirm something.
    """
    objective = "exists, is not lost, and the connector confirms what it has stored"
    check = "replication slot"
    if slot is None:
        gone = f"There is no replication slot {name}: it was dropped."
        return passed_if(False, check, "none", "", objective, (gone,))
    if slot.wal_status == LOST:
        return passed_if(False, check, LOST, "", objective, (slot_lost(name, slot), REMEDY))
    moved = slot.confirmed_lsn - began_lsn
    if moved > 0:
        evidence = (f"{moved} bytes of write-ahead log confirmed since the first change",)
        return passed_if(True, check, slot.wal_status or "in use", "", objective, evidence)
    why = (
        f"The connector confirmed nothing of what was written, for {waited_s:.0f} s after the "
        f"last change: the server keeps all of it ({slot.retained_bytes / 1e6:.1f} MB now)"
    )
    if waited_s < needed_s:
        more = f"{why}; it was not waited for {needed_s:g} s, which it may take"
        return not_measured(check, "", objective, more)
    return passed_if(False, check, "not confirmed", "", objective, (why, KNOWN_CAUSES))


def slot_confirmed(seconds: float | None, waited_s: float, heartbeat_ms: int) -> Check:
    """States how soon the slot confirmed everything; None when not in the `waited_s`."""
    name = "slot confirmed"
    rhythm = f"the connector's heartbeat.interval.ms={heartbeat_ms} moves it on a quiet database"
    if heartbeat_ms == 0:
        rhythm = (
            "the connector has heartbeat.interval.ms=0: on a quiet database nothing confirms what "
            "PostgreSQL writes outside the captured tables, and it keeps that log"
        )
    if seconds is None:
        return not_measured(name, "s", "no limit", f"not within {waited_s:.0f} s; {rhythm}")
    return measured(name, round(seconds, 2), "s", (rhythm,))


def task_state(running: bool, states: str, trace: str) -> Check:
    """Judges the states of connector and tasks; `trace` is that of the first failure.

    `states` has them in words, and `running` says whether all are RUNNING.
    """
    name, objective = "task state", "connector and every task RUNNING"
    return passed_if(running, name, states, "", objective, trace.splitlines()[:3])
