"""unexpected rebalance: partitions change hands although nothing happened that explains it.

A session's first assignment is its own. Every further one must follow the start or the orderly
end of another session of its group within ORDERLY_S, or the crash of one or a fault (the time until
it was healed included) within CRASH_S. INCONCLUSIVE when no member was ever assigned anything.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured
from support.clock import NS_PER_S
from support.record.history import History
from support.record.sessions import GroupRead, Session
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "unexpected rebalance", "assignments", "0 without a cause"

ORDERLY_S = 15
"""Members hear of a rebalance with their next heartbeat (3 s by default) and join again."""
CRASH_S = 60
"""The default session of 45 s, which a crashed member's partitions wait for, and a rejoin."""


def rebalance(history: History) -> Check:
    sessions = [session for group in history.groups for session in group.sessions]
    if not any(session.assignments for session in sessions):
        return not_measured(NAME, UNIT, OBJECTIVE, "no consumer was ever assigned a partition")
    found = []
    for group in history.groups:
        for session in group.sessions:
            assigned = [a for a in session.assignments if a.kind == "assigned"]
            for one in assigned[1:]:
                if not _explained(one.at_ns, session, group, history):
                    after = (one.at_ns - assigned[0].at_ns) / NS_PER_S
                    found.append(f"{session.consumer}: again {after:.1f} s after its first")
    return none_of(NAME, UNIT, OBJECTIVE, found)


def _explained(at_ns: int, session: Session, group: GroupRead, history: History) -> bool:
    others = [other for other in group.sessions if other is not session]
    windows = [(begin, end, CRASH_S) for begin, end in history.disturbances]
    windows += [(other.started_ns, other.started_ns, ORDERLY_S) for other in others]
    windows += [
        (other.ended_ns, other.ended_ns, CRASH_S if other.killed else ORDERLY_S)
        for other in others
        if other.ended_ns
    ]
    return any(begin <= at_ns <= end + late_s * NS_PER_S for begin, end, late_s in windows)
