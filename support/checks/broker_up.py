"""broker stayed up: the broker's process did not end by itself while a load ran.

The check is made only when the process ended. It is then FAIL with the last lines of the broker's
log, even if a restart policy or a supervisor has started the broker again. A fault of the scenario
may end the broker, so the broker is not watched while a fault lasts.
"""

from __future__ import annotations

from support.checks.judged import passed_if
from support.results.schema import Check


def broker_stayed_up(how_far: str, last_words: str, *, back: bool = False) -> Check:
    """Returns FAIL for a broker that ended.

    `how_far`: the progress of the load then. `last_words`: the last lines of the broker's log.
    `back`: the broker has been started again since.
    """
    evidence = tuple(line for line in last_words.splitlines() if line.strip())
    objective = "the broker runs until the load has ended"
    what = "ended and was started again" if back else "ended"
    return passed_if(False, "broker stayed up", f"{what} at {how_far}", "", objective, evidence)
