"""back without help: the broken part works again after the fault has ended, without further help.

PASS when the suite did no more than end the fault. DEVIATION when a FAILED task had to be
restarted: Kafka Connect never restarts one, so that no change arrives until an operator does. Also
DEVIATION when the worker had to be restarted, because no change had arrived for as long as an
operator waits. FAIL when a process that had been started ended again and was started once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import deviates, passed_if
from support.results.schema import Check

NAME = "back without help"
OF_TASK = (
    "the connector's task FAILED and stayed so until it was restarted by the suite, because Kafka "
    "Connect restarts no task"
)
OF_WORKER = "none did until the Connect worker was restarted by the suite"


def back_without_help(restarted: Sequence[str], died: Sequence[str], rescue: str = "") -> Check:
    """Judges what the suite had to restart.

    `restarted`: tasks that had FAILED. `died`: processes that ended after their start. `rescue`:
    that the worker was restarted, and why; empty when it was not.
    """
    objective = "nothing has to be restarted by hand"
    evidence = [*died, *restarted, *([rescue] if rescue else [])]
    if died or not evidence:
        return passed_if(not died, NAME, len(evidence), "restarts", objective, evidence)
    causes = [*([OF_TASK] if restarted else []), *([OF_WORKER] if rescue else [])]
    why = f"changes must arrive again by themselves; {'; '.join(causes)}"
    return deviates(NAME, len(evidence), "restarts", objective, why, evidence)
