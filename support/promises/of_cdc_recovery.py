"""How checks of the recovery of change data capture are judged from a record."""

from __future__ import annotations

from support.checks.cdc_help import back_without_help
from support.checks.cdc_recovery import Watch, cdc_fault_effect, cdc_recovery
from support.checks.cdc_resumed import resent_bound, resent_from_commit
from support.clock import NS_PER_S
from support.figures.cdc_times import arrivals, first_new_ns, recovery_of_changes
from support.record.arrivals import ARRIVALS
from support.record.capture import COMMITTED_OFFSET, RETURN, ReturnRecord
from support.record.events import EVENTS
from support.record.faults import FAULTS
from support.record.record import Record
from support.results.limit import Limit
from support.results.schema import Check


def without_help(record: Record) -> Check:
    """Judges what had to be started or restarted until changes arrived again."""
    fault = record[FAULTS].first
    rescue = _rescue(record.get(RETURN) or ReturnRecord())
    return back_without_help(fault.restarted, fault.died, rescue)


def effect(record: Record) -> Check:
    """States the longest time in which a change waited because of the fault."""
    faults, back = record[FAULTS], record.compute(recovery_of_changes)
    outages = [(end - down) / NS_PER_S for down, end in faults.first.outages]
    longest_s = max([record[RETURN].least_outage_s, *outages])
    return cdc_fault_effect(back.stall_s if back else None, longest_s, faults.brokers)


def recovered(record: Record) -> Check:
    """States the time from the heal to the first event of a new change."""
    return _recovered(record, None)


def recovered_within(record: Record, limit: Limit) -> Check:
    """Judges the time from the heal to the first event of a new change.

    The limit counts from the proof that what was broken works again.
    """
    return _recovered(record, limit.value)


def _recovered(record: Record, limit_s: float | None) -> Check:
    fault, seen, back = record[FAULTS].first, record[ARRIVALS], record[RETURN]
    watch = Watch(
        first_new_ns(record.compute(arrivals), fault, seen.clocks),
        seen.until_ns,
        seen.clocks.doubt_ms,
        seen.trouble,
        back.hopeless,
        seen.reported,
    )
    return cdc_recovery(fault.heal_began_ns, fault.healed_ns, watch, limit_s, _rescue(back))


def resent_after_commit(record: Record) -> Check:
    """Judges whether CDC resumed from the source offset that Connect had committed."""
    committed, fault = record[COMMITTED_OFFSET], record[FAULTS].first
    streamed = record.compute(arrivals).streamed_since(fault.heal_began_ns)
    after = [each.lsn for each in streamed]
    return resent_from_commit(record[EVENTS], committed.lsn, after, committed.unknown)


def resent_age(record: Record) -> Check:
    """Judges whether an event that was sent again is older than one offset flush."""
    began_ns, clocks = record[FAULTS].first.injected_ns, record[ARRIVALS].clocks
    return resent_bound(record[EVENTS], began_ns, clocks, record[COMMITTED_OFFSET].flush_ms)


def _rescue(back: ReturnRecord) -> str:
    if back.rescued_after_s is None:
        return ""
    return f"the worker was restarted after {back.rescued_after_s:.0f} s without a change"
