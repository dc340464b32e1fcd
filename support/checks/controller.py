"""What a broker does without its KRaft controller.

controller effect: whether the controller was really away: nothing that it must decide was decided.
INCONCLUSIVE when something was, or was refused for another reason than that nobody answers.
decides again: the same requests are done after the heal.
served meanwhile: the broker goes on to serve existing topics and groups: the longest stall of
acknowledgements and of deliveries (see recovery.py) that touches the outage, and whether the
group's committed offsets moved on there, by the broker's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from support.checks.judged import measured, not_measured, passed_if
from support.checks.recovery import longest_stall_ns
from support.clock import NS_PER_S
from support.record.history import History, first_received
from support.results.schema import Check

UNANSWERED = frozenset({"_TIMED_OUT", "REQUEST_TIMED_OUT", "no answer"})
LONGEST_STALL_S = 2.0
"""Far above the pace of the load, far below the outage."""


@dataclass(frozen=True)
class Asked:
    """A request that only the controller can answer: its error, empty when it was done."""

    what: str
    error: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.what}: {self.error or 'done'} after {self.seconds:.1f} s"


def controller_effect(asked: Sequence[Asked]) -> Check:
    name, unit, objective = "controller effect", "requests", "no decision while it is away"
    other = [each for each in asked if each.error not in UNANSWERED]
    if not asked or other:
        why = "; ".join(map(str, other)) or "nothing was asked"
        return not_measured(name, unit, objective, why)
    told = f"{len(asked)} of {len(asked)} not answered"
    return measured(name, told, unit, map(str, asked))


def served_meanwhile(history: History, outage: tuple[int, int], committed: int) -> Check:
    """`outage`: monotonic ns, from proven broken to the beginning of the heal; `committed`: by so
    many records the committed offsets moved on inside it."""
    name, objective = "served meanwhile", f"no stall above {LONGEST_STALL_S:g} s, and commits"
    if not history.groups:
        return not_measured(name, "s", objective, "no consumer read along")
    sent = history.attempts.sent_ns
    if sent.max(initial=0) < outage[1]:
        return not_measured(name, "s", objective, "the load ended before the outage did")
    if not np.any((sent > outage[0]) & (sent < outage[1])):
        return not_measured(name, "s", objective, "nothing was sent in the outage")
    delivered = first_received(history.groups[0].seen, len(sent))
    stored = np.where(history.copies > 0, sent, 0)
    # What still waits at the end of the outage has waited at least until then.
    until = outage[1]
    stalls = {
        "acknowledgements": longest_stall_ns(history.attempts.acked_ns, sent, until, [outage]),
        "deliveries": longest_stall_ns(delivered, stored, until, [outage]),
    }
    seconds = {what: (stall or 0) / NS_PER_S for what, stall in stalls.items()}
    told = [f"{what}: longest stall {stall:.3f} s" for what, stall in seconds.items()]
    told.append(f"committed offsets moved on by {committed}")
    longest = max(seconds.values())
    right = longest <= LONGEST_STALL_S and committed > 0
    return passed_if(right, name, round(longest, 3), "s", objective, told)


def decides_again(asked: Sequence[Asked]) -> Check:
    name, unit, objective = "decides again", "requests", "every request is done after the heal"
    if not asked:
        return not_measured(name, unit, objective, "nothing was asked")
    right = not any(each.error for each in asked)
    return passed_if(right, name, len(asked), unit, objective, map(str, asked))


def decisions_again(heal_began_ns: int, healed_ns: int, trouble: str = "") -> Check:
    """From the moment at which the controller is let back to the first topic created.

    `trouble`: why none was created.
    """
    name = "controller recovery time"
    if trouble or healed_ns <= heal_began_ns:
        return not_measured(name, "s", "no limit", trouble or "nothing was decided after the heal")
    return measured(name, round((healed_ns - heal_began_ns) / NS_PER_S, 2), "s")
