"""recovery time and fault effect: was it really broken, and how soon did it work again?

Recovery time runs from the moment at which the heal begins (the broker's process is started,
thawed, or the network restored) to the first acknowledgement of a new record after it; for a
consumer, to the first new record processed.
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
    acked_ns: NDArray[np.int64], sent_ns: NDArray[np.int64], until_ns: int
) -> int | None:
    """The longest time without an acknowledgement while some were waited for; None without any.

    `acked_ns` is 0 where none came: then the last gap lasts until `until_ns`, the last report.
    """
    stamps = acked_ns[acked_ns > 0]
    open_end = bool(np.any((sent_ns > 0) & (acked_ns == 0)))
    if open_end and len(stamps):
        stamps = np.append(stamps, max(until_ns, int(stamps.max())))
    return longest_gap_ns(stamps)


def recovery_time(name: str, heal_began_ns: int, first_ns: int | None) -> Check:
    objective = "reported (time from the beginning of the heal)"
    if first_ns is None:
        return not_measured(name, "s", objective, "nothing came through after the heal")
    return measured(name, round((first_ns - heal_began_ns) / NS_PER_S, 2), "s")


def worked_again(heal_trouble: str, waited_s: float) -> Check:
    """After the heal clients are served again; FAIL with the last words when they are not."""
    objective = "clients are served again after the heal"
    evidence = (heal_trouble,) if heal_trouble else ()
    return passed_if(not heal_trouble, "worked again", round(waited_s, 2), "s", objective, evidence)


def fault_effect(
    acked_ns: NDArray[np.int64], outages: Sequence[tuple[int, int]], brokers: int = 1
) -> Check:
    """Acknowledgements came before and after, none in an outage, and a gap around the last.

    `acked_ns` is 0 where no acknowledgement came; an outage is from proven broken to the heal. Of
    several `brokers` others take over, at once when one ends gracefully: then no gap is asked for,
    the longest that overlaps an outage is reported.
    """
    name, objective = "fault effect", f"a gap of at least {LEAST_GAP_S:g} s, none while broken"
    if brokers > 1:
        objective = f"reported (a gap until others of {brokers} brokers take over)"
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
    if brokers > 1:
        gap = max(_gap_over(stamps, outage) for outage in outages) / NS_PER_S
        return measured(name, round(gap, 2), "s", (figures,))
    gap = (int(after.min()) - int(before.max())) / NS_PER_S
    if during or gap < LEAST_GAP_S:
        return not_measured(name, "s", objective, f"{figures}; gap {gap:.2f} s")
    return measured(name, round(gap, 2), "s", (figures,))


def _gap_over(stamps: NDArray[np.int64], outage: tuple[int, int]) -> int:
    """The longest time between two stamps of which some lies in the outage; 0 without any."""
    overlaps = (stamps[1:] > outage[0]) & (stamps[:-1] < outage[1])
    return int(np.diff(stamps)[overlaps].max(initial=0))
