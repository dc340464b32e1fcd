"""recovery time and fault effect: was it really broken, and how soon did it work again?

Recovery time runs from the moment the broker's process is started again to the first
acknowledgement of a new record after it; for a consumer, to the first record processed.
A fault whose effect no client saw makes its scenario INCONCLUSIVE: nothing was proven then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import not_measured, passed_if
from support.clock import NS_PER_S
from support.results.schema import Check


def first_after(stamps_ns: NDArray[np.int64], moment_ns: int) -> int | None:
    """The earliest stamp at or after a moment; None when there is none."""
    after = stamps_ns[stamps_ns >= moment_ns]
    return int(after.min()) if len(after) else None


def longest_gap_ns(stamps_ns: NDArray[np.int64]) -> int | None:
    """The longest time between two stamps that follow each other; None with fewer than two."""
    if len(stamps_ns) < 2:
        return None
    return int(np.diff(np.sort(stamps_ns)).max())


def recovery_time(name: str, heal_began_ns: int, first_ns: int | None) -> Check:
    objective = "reported (time from starting the broker again)"
    if first_ns is None:
        return not_measured(name, "s", objective, "nothing came through after the heal")
    return passed_if(True, name, round((first_ns - heal_began_ns) / NS_PER_S, 2), "s", objective)


def fault_effect(acked_ns: NDArray[np.int64], down_ns: int, heal_began_ns: int) -> Check:
    """No acknowledgement came while the broker was down, and some came before and after."""
    name, objective = "fault effect", "clients saw the outage, and only the outage"
    during = int(np.count_nonzero((acked_ns > down_ns) & (acked_ns < heal_began_ns)))
    before = int(np.count_nonzero((acked_ns > 0) & (acked_ns <= down_ns)))
    after = int(np.count_nonzero(acked_ns >= heal_began_ns))
    figures = f"{before} acknowledged before, {during} during, {after} after the outage"
    if during or not before or not after:
        return not_measured(name, "records", objective, figures)
    return passed_if(True, name, 0, "records acknowledged while down", objective, (figures,))
