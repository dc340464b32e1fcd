"""Judges the checks of faults, and of the recovery after them, from a record."""

from __future__ import annotations

from dataclasses import replace

from support.checks.broker_up import broker_stayed_up
from support.checks.lost import lost
from support.checks.recovery import fault_effect, recovery_time, worked_again
from support.checks.resumption import consumer_restart, dynamic_restart, redelivery_bound
from support.clock import NS_PER_S
from support.figures.recovery import recovery_of, served_throughout
from support.record.archive import HISTORY
from support.record.broker_end import BROKER_END
from support.record.consumers import CONSUMERS
from support.record.faults import FAULTS
from support.record.load import LOAD
from support.record.notes import SECOND_LOOK
from support.record.record import Record
from support.results.limit import Limit
from support.results.recovery import Recovery
from support.results.schema import Check


def lost_records(record: Record) -> Check:
    """Judges the loss of acknowledged records; the evidence has what their offsets hold."""
    check = lost(record[HISTORY])
    return replace(check, evidence=(*check.evidence, *(record.get(SECOND_LOOK) or ())))


def effect(record: Record) -> Check:
    """Measures what clients noticed of the fault."""
    attempts, faults = record[HISTORY].attempts, record[FAULTS]
    outages = faults.first.outages
    return fault_effect(attempts.acked_ns, attempts.sent_ns, outages, faults.brokers)


def recovered(record: Record) -> Check:
    """Reports the time from the heal to the first acknowledgement of a new record."""
    return recovery_time("recovery time", _recovery(record).recovery_s, _served(record))


def consumer_recovered(record: Record) -> Check:
    """Reports the time from the heal to the first new record that a consumer processed."""
    seconds = _recovery(record).consumer_recovery_s
    return recovery_time("consumer recovery time", seconds, _served(record))


def works_again(record: Record) -> Check:
    """Judges whether clients are served again after the heal."""
    fault = record[FAULTS].faults[-1]
    waited_s = (fault.healed_ns - fault.heal_began_ns) / NS_PER_S
    return worked_again(fault.heal_trouble, waited_s)


def stayed_up(record: Record) -> Check:
    """Judges a broker that ended without a planned fault."""
    end = record[BROKER_END]
    return broker_stayed_up(end.how_far, end.last_words, back=end.back)


def redelivered(record: Record) -> Check:
    """Judges how much was delivered again after a consumer's restart."""
    consumers = record[CONSUMERS]
    every_ms, each_ms = consumers.commit_every_ms, consumers.processing_ms
    return redelivery_bound(record[HISTORY], every_ms, each_ms)


def restart_time(record: Record, limit: Limit) -> Check:
    """Judges how soon a restarted consumer processed records again.

    The session of a crashed dynamic member can explain a missed limit; a static member has none to
    wait for.
    """
    consumers, history = record[CONSUMERS], record[HISTORY]
    if consumers.static:
        return consumer_restart(history, limit)
    return dynamic_restart(history, limit, consumers.session_s)


def _recovery(record: Record) -> Recovery:
    return recovery_of(record[HISTORY], record[FAULTS].first, record[LOAD].ended_ns)


def _served(record: Record) -> bool:
    return served_throughout(record[HISTORY], record[FAULTS].first, record[LOAD].ended_ns)
