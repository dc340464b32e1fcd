"""broker stayed up: the broker did not end by itself while a load ran.

FAIL with its last words when it did, also when something (a restart policy, a supervisor) had
started another one before anybody looked: it does not carry the load. Nobody but a scenario's own
fault may end it, and a load is not followed while a fault lasts.
"""

from __future__ import annotations

from support.checks.judged import passed_if
from support.results.schema import Check


def broker_stayed_up(how_far: str, last_words: str, *, back: bool = False) -> Check:
    """`back`: another process of it runs already."""
    evidence = tuple(line for line in last_words.splitlines() if line.strip())
    objective = "the broker runs for as long as the load"
    what = "ended and was started again" if back else "ended"
    return passed_if(False, "broker stayed up", f"{what} at {how_far}", "", objective, evidence)
