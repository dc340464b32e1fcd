"""Hand-written histories in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from support.ledger.attempts import Attempts, Outcome
from support.ledger.history import GroupRead, History, LogRead
from support.ledger.observed import Observations

Row = tuple[int, int, int] | tuple[int, int, int, bool]

CODES = {"a": Outcome.ACKED, "r": Outcome.REJECTED, "u": Outcome.UNKNOWN, "p": Outcome.PENDING,
         "-": Outcome.NOT_SENT}  # fmt: skip


def log_of(*ids: int) -> list[Row]:
    """Records of one partition at offsets 0, 1, 2 ..."""
    return [(record, 0, offset) for offset, record in enumerate(ids)]


def history(
    outcomes: str,
    log: Sequence[Row],
    groups: Iterable[Sequence[Row]] = (),
    *,
    complete: bool = True,
    offsets: Sequence[int] | None = None,
    drained: bool = True,
) -> History:
    """`outcomes`: a letter a record: acked, rejected, unknown, pending, - for never sent."""
    states = [int(CODES[letter]) for letter in outcomes]
    attempts = Attempts.of(
        outcome=states,
        offset=list(offsets) if offsets is not None else list(range(len(states))),
        sent_ns=[n + 1 if state else 0 for n, state in enumerate(states)],
    )
    end = max((row[2] for row in log), default=-1) + 1
    read = LogRead(Observations.of(log), {0: end}, {0: end if complete else end - 1})
    readers = tuple(
        GroupRead(f"group-{n}", Observations.of(rows), drained) for n, rows in enumerate(groups)
    )
    return History(attempts, read, readers)
