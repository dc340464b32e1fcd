"""Hand-written histories in a few words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from support.record.attempts import Attempts, Outcome
from support.record.history import History, LogRead
from support.record.observed import Observations
from support.record.sessions import Assignment, Commit, CommitOutcome, GroupRead, Session

Row = tuple[int, int, int] | tuple[int, int, int, bool]

CODES = {
    "a": Outcome.ACKED,
    "r": Outcome.REJECTED,
    "u": Outcome.UNKNOWN,
    "p": Outcome.PENDING,
    "-": Outcome.NOT_SENT,
}


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
    """Returns a history; `outcomes` has a letter for each record, see CODES."""
    states = [int(CODES[letter]) for letter in outcomes]
    attempts = Attempts.of(
        outcome=states,
        offset=list(offsets) if offsets is not None else list(range(len(states))),
        sent_ns=[n + 1 if state else 0 for n, state in enumerate(states)],
        acked_ns=[n + 1 if state == Outcome.ACKED else 0 for n, state in enumerate(states)],
    )
    end = max((row[2] for row in log), default=-1) + 1
    read = LogRead(Observations.of(log), {0: end}, {0: end if complete else end - 1})
    readers = tuple(
        GroupRead(f"group-{n}", (Session(f"reader-{n}", Observations.of(rows)),), drained)
        for n, rows in enumerate(groups)
    )
    return History(attempts, read, readers)


def with_group(given: History, *sessions: Session, drained: bool = True) -> History:
    """Adds a group with these sessions to a history."""
    group = GroupRead(f"group-{len(given.groups)}", sessions, drained)
    return dataclasses.replace(given, groups=(*given.groups, group))


def session(
    rows: Sequence[Row],
    *,
    consumer: str = "reader",
    at: Sequence[int] | None = None,
    commits: Iterable[tuple[int, int] | tuple[int, int, CommitOutcome]] = (),
    assigned: Iterable[int] = (0,),
    resumes_from: Mapping[int, int] | None = None,
    started: int = 0,
    ended: int = 0,
    killed: bool = False,
    left: bool = True,
    asked: int = 0,
) -> Session:
    """Returns a session.

    `at`: when each row was processed (0, 1, 2 ...). `commits`: (time, offset[, outcome]) of
    partition 0. `assigned`: when its partitions were assigned.
    """
    seen = Observations.of(rows)
    if at is not None:
        seen = dataclasses.replace(seen, received_ns=np.array(at, np.int64))
    return Session(
        consumer,
        seen,
        started,
        ended,
        killed,
        resumes_from or {},
        tuple(map(_commit, commits)),
        tuple(Assignment(moment, "assigned", (0,)) for moment in assigned),
        left,
        asked,
    )


def _commit(stated: tuple[int, int] | tuple[int, int, CommitOutcome]) -> Commit:
    """Returns a commit that is confirmed at once, unless it has another outcome."""
    moment, offset = stated[:2]
    outcome = stated[2] if len(stated) > 2 else CommitOutcome.OK
    return Commit(moment, 0, offset, outcome, moment if outcome is CommitOutcome.OK else 0)
