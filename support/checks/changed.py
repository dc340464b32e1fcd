"""changed on re-read: an offset of the log that holds another record than before.

The final reading of the log is compared with what was known earlier: the offsets that the broker
acknowledged, and the records that consumers received, intact or damaged. An offset that is no
longer in the log is another anomaly: truncated, or deleted by retention. FAIL when an offset holds
another record. INCONCLUSIVE when the log was not read to its end, or when nothing was acknowledged
or received before.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from support.checks.judged import none_of, not_measured, unreadable
from support.record.attempts import Outcome
from support.record.history import History, first_reads
from support.record.observed import Observations
from support.results.schema import Check

NAME, UNIT = "changed on re-read", "offsets"
OBJECTIVE = "0 offsets that hold another record than before"


def changed(history: History) -> Check:
    doubt = unreadable(history, NAME, UNIT, OBJECTIVE)
    if doubt:
        return doubt
    attempts, now = history.attempts, first_reads(history.log.seen)
    acked = (attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0)
    if not acked.any() and not any(len(group.seen) for group in history.groups):
        why = "nothing was acknowledged or received before the final reading"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    found: list[str] = []
    for partition in now.partitions:
        there = now.of_partition(partition)
        ids = np.flatnonzero(acked & (attempts.partition == partition))
        found += _differences(there, ids, attempts.offset[ids], None)
        for group in history.groups:
            seen, here = group.seen, group.seen.partition == partition
            found += _differences(there, seen.id[here], seen.offset[here], seen.intact[here])
    return none_of(NAME, UNIT, OBJECTIVE, list(dict.fromkeys(found)))


def _differences(
    now: Observations,
    ids: NDArray[np.int64],
    offsets: NDArray[np.int64],
    intact: NDArray[np.bool_] | None,
) -> Iterator[str]:
    """Yields a line for each offset of a partition that held another record before.

    `ids`, `offsets` and `intact` describe the earlier records; `intact` is None where that is not
    known.
    """
    order = np.argsort(now.offset, kind="stable")
    at = order[np.minimum(np.searchsorted(now.offset, offsets, sorter=order), len(order) - 1)]
    other = now.id[at] != ids
    if intact is not None:
        other |= now.intact[at] != intact
    for n in np.flatnonzero((now.offset[at] == offsets) & other):
        damaged = "" if now.intact[at[n]] else " (damaged)"
        yield (
            f"partition {now.partition[0]}, offset {offsets[n]}: record {ids[n]} before, "
            f"{now.id[at[n]]}{damaged} now"
        )
