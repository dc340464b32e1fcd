"""How a broker behaves without its KRaft controller.

controller effect: no request that only the controller can decide was answered during the outage.
The check can't FAIL. INCONCLUSIVE when one was answered, or failed for another reason than a
missing answer: the controller was not away then.

served meanwhile: during the outage, the broker still serves existing topics and groups. FAIL when
acknowledgements or deliveries stalled for more than LONGEST_STALL_S (see recovery.py), or when the
group's committed offsets did not advance. INCONCLUSIVE when no consumer read along, or when nothing
was sent during the outage or until its end.

decides again: after the heal, the same requests succeed. FAIL when one does not. INCONCLUSIVE when
none was made.

controller recovery time: from the start of the heal until a topic was created. It has no limit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from support.checks.judged import measured, not_measured, passed_if
from support.checks.recovery import longest_stall_ns
from support.clock import NS_PER_S
from support.record.controller import Asked
from support.record.history import History, first_received
from support.results.limit import at_most, exactly
from support.results.schema import Check

UNANSWERED = frozenset({"_TIMED_OUT", "REQUEST_TIMED_OUT", "no answer"})
LONGEST_STALL_S = 2.0
"""Far longer than the load's interval between two records, far shorter than the outage."""
STALL_LIMIT = at_most(LONGEST_STALL_S, "s")


def controller_effect(asked: Sequence[Asked]) -> Check:
    name, unit, objective = "controller effect", "requests", "no request answered in the outage"
    other = [each for each in asked if each.error not in UNANSWERED]
    if not asked or other:
        why = "; ".join(map(str, other)) or "no request was made"
        return not_measured(name, unit, objective, why)
    value = f"none of {len(asked)}"
    return measured(name, value, f"{unit} answered", map(str, asked))


def served_meanwhile(history: History, outage: tuple[int, int], committed: int) -> Check:
    """Judges whether clients were served during an outage.

    `outage`: monotonic ns, from the proof of the fault to the start of the heal. `committed`: how
    far the group's committed offsets advanced in it, as reported by the broker.
    """
    name, objective = "served meanwhile", f"stalls {STALL_LIMIT}, and offsets are committed"
    if not history.groups:
        return not_measured(name, "s", objective, "no consumer read along")
    sent = history.attempts.sent_ns
    if sent.max(initial=0) < outage[1]:
        return not_measured(name, "s", objective, "the load ended before the outage")
    if not np.any((sent > outage[0]) & (sent < outage[1])):
        return not_measured(name, "s", objective, "no record was sent during the outage")
    delivered = first_received(history.groups[0].seen, len(sent))
    stored = np.where(history.copies > 0, sent, 0)
    # A record that waits at the end of the outage has waited at least until then.
    until = outage[1]
    stalls = {
        "acknowledgements": longest_stall_ns(history.attempts.acked_ns, sent, until, [outage]),
        "deliveries": longest_stall_ns(delivered, stored, until, [outage]),
    }
    seconds = {what: (stall or 0) / NS_PER_S for what, stall in stalls.items()}
    evidence = [f"{what}: longest stall {stall:.3f} s" for what, stall in seconds.items()]
    evidence.append(f"committed offsets advanced by {committed}")
    longest = max(seconds.values())
    if committed <= 0:
        return passed_if(False, name, "no offset committed", "", objective, evidence)
    right = STALL_LIMIT.allows(longest)
    return passed_if(right, name, round(longest, 3), "s", objective, evidence, STALL_LIMIT)


def decides_again(asked: Sequence[Asked]) -> Check:
    name, unit, objective = "decides again", "requests", "every request succeeds after the heal"
    if not asked:
        return not_measured(name, unit, objective, "no request was made")
    done, limit = sum(not each.error for each in asked), exactly(len(asked), unit)
    return passed_if(limit.allows(done), name, done, unit, objective, map(str, asked), limit)


def decisions_again(heal_began_ns: int, healed_ns: int, trouble: str = "") -> Check:
    """Returns the time from the start of the heal (monotonic ns) to the first topic created.

    `trouble`: why none was created.
    """
    name = "controller recovery time"
    if trouble or healed_ns <= heal_began_ns:
        return not_measured(name, "s", "no limit", trouble or "no topic was created after the heal")
    return measured(name, round((healed_ns - heal_began_ns) / NS_PER_S, 2), "s")
