"""States the effect of a fault on clients, and when they were served again.

A producer's stall is a period in which at least one record waits for its acknowledgement and no
acknowledgement arrives. The pause between two records of a slow load is no stall, because no record
waits. A consumer's stall is defined in the same way by deliveries.

fault effect: clients noticed the fault. The check can't FAIL. INCONCLUSIVE when there was no stall
of LEAST_GAP_S, when records were acknowledged during the outage, or when none was before or after
it: the fault proved nothing. In a cluster, other brokers may take over before a client notices, so
no stall is required.

recovery time, consumer recovery time: from the start of the heal (the process is started or
resumed, the network is restored) to the first acknowledgement of a new record, or to the first new
record that a consumer processed. There is no recovery time when clients were served throughout,
that is, when no stall during the fault reached LEAST_GAP_S. The check can't FAIL. INCONCLUSIVE when
no new record was acknowledged or processed after the heal.

worked again: after the heal, clients are served again. FAIL when they are not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import measured, not_measured, passed_if
from support.clock import NS_PER_S
from support.results.schema import Check

LEAST_GAP_S = 1.0
"""No broker restarts faster, so a shorter stall has another cause than the fault."""

IN_FLIGHT_NS = 100_000_000
"""An acknowledgement that has left the broker may still arrive after the proof of the fault."""


def first_after(stamps_ns: NDArray[np.int64], moment_ns: int) -> int | None:
    """Returns the earliest time at or after a moment; None when there is none."""
    after = stamps_ns[stamps_ns >= moment_ns]
    return int(after.min()) if len(after) else None


def longest_stall_ns(
    served_ns: NDArray[np.int64],
    sent_ns: NDArray[np.int64],
    until_ns: int,
    windows: Sequence[tuple[int, int]] | None = None,
) -> int | None:
    """Returns the longest time in which a record waited and none was served; None without any.

    `served_ns`: when each record was acknowledged or delivered. `sent_ns`: when it was sent. Both
    are 0 where it was not; a record that was never served waits until `until_ns`, the last report.
    With `windows`, only stalls that overlap one of them count.
    """
    begins, ends = _stalls(served_ns, sent_ns, until_ns)
    if windows is not None:
        inside = np.zeros(len(ends), np.bool_)
        for begin, end in windows:
            inside |= (ends > begin) & (begins < end)
        begins, ends = begins[inside], ends[inside]
    return int((ends - begins).max()) if len(ends) else None


def _stalls(
    served_ns: NDArray[np.int64], sent_ns: NDArray[np.int64], until_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the start and the end of each time between two served records.

    It starts when the oldest record that waits was sent, or when the previous one was served.
    """
    served = (served_ns > 0) & (sent_ns > 0)
    order = np.argsort(served_ns[served], kind="stable")
    ends, sent = served_ns[served][order], sent_ns[served][order]
    waiting = sent_ns[(sent_ns > 0) & (served_ns == 0)]
    if len(waiting):
        ends = np.append(ends, max(until_ns, int(ends.max(initial=0))))
        sent = np.append(sent, waiting.min())
    # For each record: when the oldest one was sent that is served then or later.
    oldest = np.minimum.accumulate(sent[::-1])[::-1]
    begins = np.maximum(oldest, np.concatenate((ends[:1] * 0, ends[:-1])))
    return begins, ends


def recovery_time(name: str, seconds: float | None, served: bool) -> Check:
    """Returns the recovery time in `seconds`; None when there was no recovery.

    `served`: clients were served throughout, so there is nothing to recover from.
    """
    if served:
        why = f"clients were served throughout: no stall of {LEAST_GAP_S:g} s or more"
        return measured(name, "none", "", (why,))
    if seconds is None:
        objective = "measured from the start of the heal (no limit)"
        return not_measured(name, "s", objective, "no new record was served after the heal")
    return measured(name, round(seconds, 2), "s")


def worked_again(heal_trouble: str, waited_s: float) -> Check:
    """Judges whether clients are served again.

    `heal_trouble`: why they are not; empty when they are. `waited_s`: seconds from the start of the
    heal.
    """
    objective = "clients are served again after the heal"
    evidence = (heal_trouble,) if heal_trouble else ()
    return passed_if(not heal_trouble, "worked again", round(waited_s, 2), "s", objective, evidence)


def fault_effect(
    acked_ns: NDArray[np.int64],
    sent_ns: NDArray[np.int64],
    outages: Sequence[tuple[int, int]],
    brokers: int = 1,
) -> Check:
    """Returns the longest stall that the fault caused.

    `acked_ns` is 0 for a record without an acknowledgement. `outages` are from the proof of a fault
    to its heal. With several `brokers`, others take over, immediately when one stops gracefully:
    then the longest stall that overlaps an outage is measured, however short.
    """
    name, objective = "fault effect", _expected_effect(brokers)
    if not outages:
        return not_measured(name, "s", objective, "the fault was not proven")
    stamps, heal = np.sort(acked_ns[acked_ns > 0]), outages[-1][1]
    before, after = stamps[stamps <= heal], stamps[stamps > heal]
    if len(before) == 0 or len(after) == 0:
        why = f"{len(before)} acknowledged before the heal, {len(after)} after it"
        return not_measured(name, "s", objective, why)
    # A crashed broker is started again at once, so that its clients stall after the outage.
    windows = outages if brokers > 1 else [(outages[0][0], int(after.min()))]
    seconds = (longest_stall_ns(acked_ns, sent_ns, int(stamps[-1]), windows) or 0) / NS_PER_S
    during = _acknowledged_in(stamps, outages)
    figures = (
        f"{len(before)} acknowledged before the heal, {during} of them during the outage, "
        f"{len(after)} after the heal"
    )
    if brokers == 1 and (during or seconds < LEAST_GAP_S):
        return not_measured(name, "s", objective, f"{figures}; stall {seconds:.2f} s")
    return measured(name, round(seconds, 2), "s", (figures,))


def _expected_effect(brokers: int) -> str:
    if brokers > 1:
        return f"measured until others of {brokers} brokers take over (no limit)"
    return f"a stall of at least {LEAST_GAP_S:g} s, and no acknowledgement during the outage"


def _acknowledged_in(stamps: NDArray[np.int64], outages: Sequence[tuple[int, int]]) -> int:
    inside = ((stamps > down + IN_FLIGHT_NS) & (stamps <= end) for down, end in outages)
    return sum(int(np.count_nonzero(each)) for each in inside)
