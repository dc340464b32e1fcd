"""back without help: what was broken came back by itself once it was started again.

PASS when the suite did no more than end the fault. DEVIATION when a FAILED task had to be
restarted: Kafka Connect never restarts one, so that changes stay away until somebody does. FAIL
when a process that had been started ended again and was started once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import deviates, passed_if
from support.results.schema import Check

NAME = "back without help"


def back_without_help(restarted: Sequence[str], died: Sequence[str]) -> Check:
    """`restarted`: tasks that had FAILED; `died`: processes that ended after their start."""
    objective, count = "nothing has to be restarted by hand", len(restarted) + len(died)
    evidence = [*died, *restarted]
    if restarted and not died:
        why = (
            "changes must arrive again by themselves; the connector's task FAILED and stayed so "
            "until it was restarted by hand, because Kafka Connect restarts no task"
        )
        return deviates(NAME, count, "restarts", objective, why, evidence)
    return passed_if(not died, NAME, count, "restarts", objective, evidence)
