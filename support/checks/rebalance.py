"""unexpected rebalance: partitions are assigned again without a cause.

The first assignment of a session is expected. Each later one must follow the start or the orderly
end of another session of its group within ORDERLY_S, or a crash of one or a fault within CRASH_S; a
fault counts until its heal. FAIL when one does not. INCONCLUSIVE when no member was ever assigned a
partition.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured
from support.clock import NS_PER_S
from support.record.history import History
from support.record.sessions import GroupRead, Session
from support.results.schema import Check

NAME, UNIT, OBJECTIVE = "unexpected rebalance", "assignments", "0 assignments without a cause"

ORDERLY_S = 15
"""Members learn of a rebalance with their next heartbeat (3 s by default) and join again."""
CRASH_S = 60
"""The default session timeout (45 s), after which a crashed member is removed, and a rejoin."""


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
                    found.append(f"{session.consumer}: {after:.1f} s after its first assignment")
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
