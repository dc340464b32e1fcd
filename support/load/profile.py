"""When each record of a load is meant to be sent: a pure function of its number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from support.clock import NS_PER_S


def intended_ns(start_ns: int, rate_per_s: int, record: int) -> int:
    """Monotonic ns at which record number `record` is due; never moved when a load is late."""
    return start_ns + record * NS_PER_S // rate_per_s


def all_intended_ns(start_ns: int, rate_per_s: int, count: int) -> NDArray[np.int64]:
    """The same for records 0 .. count - 1."""
    return start_ns + np.arange(count, dtype=np.int64) * NS_PER_S // rate_per_s
