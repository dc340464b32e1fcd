"""recovery time and fault effect: was it really broken, and how soon did it work again?

A stall is a time without an acknowledgement in all of which a record was waiting for one: between
two records of a slow load nobody waits. The consumer's is the same with deliveries.
Recovery time runs from the moment at which the heal begins (the broker's process is started,
thawed, or the network restored) to the first acknowledgement of a new record after it; for a
consumer, to the first new record processed. There is none where clients were served all the time:
where no stall of LEAST_GAP_S or more lies in the fault.
A fault whose effect no client saw makes its scenario INCONCLUSIVE: nothing was proven then. In a
cluster others may take over before any client notices: there it counts that the broker led a
partition of the load.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import measured, not_measured, passed_if
from support.clock import NS_PER_S
from support.results.schema import Check

LEAST_GAP_S = 1.0
"""No broker restarts faster: with a shorter gap the fault was not what the clients saw."""


IN_FLIGHT_NS = 100_000_000
"""An acknowledgement that had left the broker may still come when the fault is proven."""


def first_after(stamps_ns: NDArray[np.int64], moment_ns: int) -> int | None:
    """The earliest stamp at or after a moment; None when there is none."""
    after = stamps_ns[stamps_ns >= moment_ns]
    return int(after.min()) if len(after) else None


def longest_gap_ns(stamps_ns: NDArray[np.int64]) -> int | None:
    """The longest time between two stamps that follow each other; None with fewer than two."""
    if len(stamps_ns) < 2:
        return None
    return int(np.diff(np.sort(stamps_ns)).max())


def longest_stall_ns(
    served_ns: NDArray[np.int64],
    sent_ns: NDArray[np.int64],
    until_ns: int,
    windows: Sequence[tuple[int, int]] | None = None,
) -> int | None:
    """The longest time without a record served in all of which one was waiting; None without any.

    By record: when it was `sent`, and when it was `served`, that is acknowledged or delivered; 0
    where it was not: what still waits does so until `until_ns`, the last report. With `windows`
    only of stalls of which a part lies in one of them.
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
    """Beginning and end of every time between two records served in which others waited."""
    served = (served_ns > 0) & (sent_ns > 0)
    order = np.argsort(served_ns[served], kind="stable")
    ends, sent = served_ns[served][order], sent_ns[served][order]
    waiting = sent_ns[(sent_ns > 0) & (served_ns == 0)]
    if len(waiting):
        ends = np.append(ends, max(until_ns, int(ends.max(initial=0))))
        sent = np.append(sent, waiting.min())
    # Of what is served from here on: since when the oldest has waited.
    oldest = np.minimum.accumulate(sent[::-1])[::-1]
    begins = np.maximum(oldest, np.concatenate((ends[:1] * 0, ends[:-1])))
    return begins, ends


def recovery_time(name: str, seconds: float | None, served: bool) -> Check:
    """`served`: clients were served all the time, so there is nothing to recover from."""
    if served:
        told = f"clients were served all the time: no stall of {LEAST_GAP_S:g} s or more"
        return measured(name, "none", "", (told,))
    if seconds is None:
        objective = "reported (time from the beginning of the heal)"
        return not_measured(name, "s", objective, "nothing came through after the heal")
    return measured(name, round(seconds, 2), "s")


def worked_again(heal_trouble: str, waited_s: float) -> Check:
    """After the heal clients are served again; FAIL with the last words when they are not."""
    objective = "clients are served again after the heal"
    evidence = (heal_trouble,) if heal_trouble else ()
    return passed_if(not heal_trouble, "worked again", round(waited_s, 2), "s", objective, evidence)


def fault_effect(
    acked_ns: NDArray[np.int64],
    sent_ns: NDArray[np.int64],
    outages: Sequence[tuple[int, int]],
    brokers: int = 1,
) -> Check:
    """Acknowledgements came before and after, none in an outage, and there was a stall around it.

    `acked_ns` is 0 where no acknowledgement came; an outage is from proven broken to the heal. Of
    several `brokers` others take over, at once when one ends gracefully: then no stall is asked
    for, the longest of which a part lies in an outage is reported.
    """
    name, objective = "fault effect", f"a stall of at least {LEAST_GAP_S:g} s, none while broken"
    if brokers > 1:
        objective = f"reported (a stall until others of {brokers} brokers take over)"
    if not outages:
        return not_measured(name, "s", objective, "nothing was proven broken")
    stamps, heal = np.sort(acked_ns[acked_ns > 0]), outages[-1][1]
    before, after = stamps[stamps <= heal], stamps[stamps > heal]
    if len(before) == 0 or len(after) == 0:
        why = f"{len(before)} acknowledged before the heal, {len(after)} after it"
        return not_measured(name, "s", objective, why)
    during = sum(
        int(np.count_nonzero((stamps > down + IN_FLIGHT_NS) & (stamps <= end)))
        for down, end in outages
    )
    figures = f"{len(before)} acknowledged before, {during} while broken, {len(after)} after"
    # A crashed broker is started again at once: what its clients feel comes after the outage.
    windows = outages if brokers > 1 else [(outages[0][0], int(after.min()))]
    stall = longest_stall_ns(acked_ns, sent_ns, int(stamps[-1]), windows) or 0
    seconds = stall / NS_PER_S
    if brokers == 1 and (during or seconds < LEAST_GAP_S):
        return not_measured(name, "s", objective, f"{figures}; stall {seconds:.2f} s")
    return measured(name, round(seconds, 2), "s", (figures,))
