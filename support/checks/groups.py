"""How records are divided between groups, and among the members of a group.

group cross-talk: two groups take records from each other. Each group must receive every record.
FAIL when the records that one group missed were received by the other, and vice versa: they divide
the log as members of one group do. INCONCLUSIVE with fewer than two groups, or when the log was not
read to its end.

divided among members: the consumers of one group divide the log. FAIL when one of them received no
record, or all of them. INCONCLUSIVE when no group has at least two consumers.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from support.checks.judged import none_of, not_measured, passed_if, unreadable
from support.checks.unseen import unseen_ids
from support.record.history import History, count_by_id
from support.results.schema import Check


def cross_talk(history: History) -> Check:
    name, unit, objective = "group cross-talk", "pairs", "0 pairs of groups that divide the log"
    doubt = unreadable(history, name, unit, objective)
    if doubt:
        return doubt
    if len(history.groups) < 2:
        return not_measured(name, unit, objective, "there is only one consumer group")
    missed = {group.group: set(unseen_ids(history, group).tolist()) for group in history.groups}
    given = {group.group: set(group.seen.id.tolist()) for group in history.groups}
    found = [
        f"{a} and {b} divide the log: they missed {len(missed[a])} and {len(missed[b])} records, "
        "which the other one received"
        for a, b in combinations(missed, 2)
        if missed[a] and missed[b] and missed[a] <= given[b] and missed[b] <= given[a]
    ]
    return none_of(name, unit, objective, found)


def divided(history: History) -> Check:
    name, unit = "divided among members", "records"
    objective = "every consumer of the group receives a part of the records, and none all of them"
    shared = [group for group in history.groups if len(group.consumers) > 1]
    if not shared:
        return not_measured(name, unit, objective, "no group has more than one consumer")
    right, evidence, least = True, [], len(history.attempts)
    everything = int(np.count_nonzero(history.copies))
    for group in shared:
        for consumer in group.consumers:
            counts = count_by_id(group.seen_by(consumer).id, len(history.attempts))
            part = int(np.count_nonzero(counts))
            right = right and 0 < part < everything
            least = min(least, part)
            evidence.append(f"{consumer} of group {group.group}: {part} of {everything} records")
    return passed_if(right, name, least, unit, objective, evidence)
