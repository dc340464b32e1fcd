"""Whether the connectors run, and whether their replication slots keep up.

connectors running: every connector and every task is RUNNING. FAIL names the connector, its state,
and what its replication slot keeps meanwhile; FAIL as well when Kafka Connect has no connector on
the database. INCONCLUSIVE when Kafka Connect gives no states, or when a connector that may be the
team's is not judged.
connector slots: the slot of every connector exists, is not lost, is read, and its connector has
confirmed something lately. FAIL names the slot, what is lost or kept, and the remedy. A slot whose
connector has no heartbeat and whose tables do not change is a WARNING. INCONCLUSIVE where its
heartbeat is not known, or comes more rarely than the look is long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.checks.judged import none_of, not_measured
from support.record.capture_in_force import HIDDEN
from support.record.slots import LOST, lsn_text
from support.record.team_pipeline import ConnectorSeen, PipelineRecord, SlotSeen, TableSeen
from support.results.schema import Check

RUNNING, RUNNING_UNIT = "connectors running", "connectors"
SLOTS, SLOTS_UNIT = "connector slots", "slots"
NOTHING_BYTES = 64 * 1024
"""WAL that an idle server writes (checkpoints) and that no connector needs to confirm, in bytes."""

RESUME = {
    "STOPPED": "curl -X PUT CONNECT/connectors/{name}/resume",
    "PAUSED": "curl -X PUT CONNECT/connectors/{name}/resume",
}
RESTART = "curl -X POST 'CONNECT/connectors/{name}/restart?includeTasks=true&onlyFailed=false'"
"""How a connector runs again, by its state; CONNECT is the URL of Kafka Connect."""


def megabytes(size: float) -> str:
    """Writes a size in bytes as MB."""
    return f"{size / 1e6:,.1f} MB"


def not_running(connector: ConnectorSeen, slot: SlotSeen | None) -> Iterator[str]:
    """Yields why a connector sends no changes; nothing if it and its tasks are RUNNING."""
    state = connector.state
    if state.running or state.trouble:
        return
    tasks = ", ".join(state.tasks) or "none"
    reason = state.trace.splitlines()[0] if state.trace else ""
    next_step = RESUME.get(state.connector, RESTART).format(name=connector.name)
    words = [f"connector {connector.name} is {state.connector}, tasks: {tasks}", reason]
    words.append(kept_for(connector.slot, slot))
    yield "; ".join([*filter(None, words), f"next: {next_step}"])


def kept_for(name: str, slot: SlotSeen | None) -> str:
    """Says whether a connector's slot is read, and how much write-ahead log is kept for it."""
    if slot is None:
        return f"the server has no replication slot {name}"
    use = "active" if slot.active else "inactive"
    kept = f"{megabytes(slot.retained_bytes)} of WAL kept"
    return f"its slot {name} is {use}, {kept}"


def connectors_running(seen: PipelineRecord) -> Check:
    """Judges the states that Kafka Connect reports."""
    objective = "every connector and every task RUNNING"
    unknown = [f"{c.name}: {c.state.trouble}" for c in seen.connectors if c.state.trouble]
    if unknown:
        return not_measured(RUNNING, RUNNING_UNIT, objective, "; ".join(unknown))
    wrong = [" ".join(seen.absent.split())] if seen.absent else []
    wrong += [each for c in seen.connectors for each in not_running(c, seen.slot(c.slot))]
    if seen.left_out and not wrong:
        return not_measured(RUNNING, RUNNING_UNIT, objective, "; ".join(seen.left_out))
    states = [
        f"connector {c.name}: {c.state.connector}, tasks: {', '.join(c.state.tasks)}"
        for c in seen.connectors
    ]
    return none_of(RUNNING, RUNNING_UNIT, objective, wrong, states)


def connector_slots(seen: PipelineRecord) -> Check:
    """Judges whether the slot of each connector is read and confirmed."""
    objective = "every connector's slot is read, and confirmed lately"
    hidden = [c.name for c in seen.connectors if HIDDEN in c.slot]
    if hidden or not seen.connectors:
        why = f"the slot of {', '.join(hidden)} is not known: its name is kept elsewhere"
        none = "Kafka Connect has no connector on this database"
        return not_measured(SLOTS, SLOTS_UNIT, objective, why if hidden else none)
    wrong = [each for c in seen.connectors for each in _slot_findings(c, seen)]
    doubts = [*(each for c in seen.connectors for each in _slot_doubts(c, seen)), *seen.left_out]
    if doubts and not wrong:
        return not_measured(SLOTS, SLOTS_UNIT, objective, "; ".join(doubts))
    fine = [each for c in seen.connectors for each in _slot_words(c, seen)]
    return none_of(SLOTS, SLOTS_UNIT, objective, wrong, fine)


def slot_troubles(connector: ConnectorSeen, slot: SlotSeen | None) -> Iterator[str]:
    """Yields why a connector can't read its slot; nothing if it reads it."""
    name = connector.slot
    if slot is None:
        yield (
            f"slot {name} of connector {connector.name} does not exist: changes since it was "
            "dropped are lost; next: take a new snapshot"
        )
    elif slot.wal_status == LOST:
        yield (
            f"slot {name} of connector {connector.name} is lost (wal_status=lost): changes after "
            f"{lsn_text(slot.confirmed_lsn)} are gone; next: raise max_slot_wal_keep_size, drop "
            "the slot, and take a new snapshot"
        )
    elif not slot.active:
        yield (
            f"slot {name} of connector {connector.name} is inactive: nothing reads it, "
            f"{megabytes(slot.retained_bytes)} of WAL kept; next: "
            f"{RESTART.format(name=connector.name)}"
        )


def _slot_findings(connector: ConnectorSeen, seen: PipelineRecord) -> Iterator[str]:
    slot = seen.slot(connector.slot)
    troubles = list(slot_troubles(connector, slot))
    yield from troubles
    if troubles or slot is None or moved(slot, seen):
        return
    if _had_to_move(connector, seen):
        yield (
            f"slot {slot.name} of connector {connector.name} confirmed nothing for "
            f"{seen.looked_s:.0f} s and is {_behind(slot, seen)}; next: read Kafka Connect's log "
            f"for {connector.name}, then {RESTART.format(name=connector.name)}"
        )


def _slot_doubts(connector: ConnectorSeen, seen: PipelineRecord) -> Iterator[str]:
    """Yields why it is not known whether a slot should have moved."""
    slot = seen.slot(connector.slot)
    if slot is None or moved(slot, seen) or _had_to_move(connector, seen):
        return
    still = f"slot {slot.name} confirmed nothing for {seen.looked_s:.0f} s"
    if connector.heartbeat_ms is None:
        yield f"{still}, and the heartbeat.interval.ms of {connector.name} is kept elsewhere"
    elif connector.heartbeat_ms:
        yield f"{still}, but a heartbeat comes every {connector.heartbeat_ms / 1000:,.0f} s"
    elif _changed(connector, seen.tables):
        yield f"{still}, but its worker flushes offsets every {seen.flush_s:,.0f} s"


def _had_to_move(connector: ConnectorSeen, seen: PipelineRecord) -> bool:
    """Whether a slot has something to confirm, and was watched for long enough."""
    beat_s = (connector.heartbeat_ms or 0) / 1000
    beaten = beat_s > 0 and seen.looked_s >= seen.flush_s + 2 * beat_s
    changed = _changed(connector, seen.tables) and seen.looked_s >= seen.flush_s
    return beaten or changed


def _slot_words(connector: ConnectorSeen, seen: PipelineRecord) -> Iterator[str]:
    slot = seen.slot(connector.slot)
    if slot is None:
        return
    if moved(slot, seen):
        yield f"slot {slot.name}: active, {_behind(slot, seen)}"
    else:
        yield (
            f"WARNING: slot {slot.name} confirmed nothing for {seen.looked_s:.0f} s and is "
            f"{_behind(slot, seen)}: connector {connector.name} has no heartbeat, and its tables "
            "do not change; next: heartbeat.interval.ms=10000 in the connector"
        )


def moved(slot: SlotSeen, seen: PipelineRecord) -> bool:
    """Whether the reader confirmed something during the look, or has nothing to confirm."""
    before = seen.confirmed_before.get(slot.name, slot.confirmed_lsn)
    nothing_left = seen.written_before - slot.confirmed_lsn <= NOTHING_BYTES
    return slot.confirmed_lsn > before or nothing_left


def _behind(slot: SlotSeen, seen: PipelineRecord) -> str:
    return f"{megabytes(max(0, seen.written_lsn - slot.confirmed_lsn))} behind"


def _changed(connector: ConnectorSeen, tables: Sequence[TableSeen]) -> bool:
    return any(each.changed for each in tables if each.connector == connector.name)
