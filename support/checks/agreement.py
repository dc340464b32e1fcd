"""second opinion: Kafka's own tool and ours, on the same broker, one after the other.

Ours, theirs, ours again (A-B-A): what the two of ours differ by is the noise. Compared is what
both measure, sent to acknowledged. They agree on a figure when theirs lies between half of our
lower and twice our higher value, widened by 2 ms (theirs are whole milliseconds, and its clock
starts a little earlier). A disagreement is INCONCLUSIVE: one of the two instruments is wrong.
"""

from __future__ import annotations

from support.checks.judged import not_measured, passed_if
from support.results.measurements import SecondOpinion
from support.results.schema import Check

FACTOR, WIDER_MS = 2.0, 2.0


def agreement(seen: SecondOpinion) -> Check:
    name = "second opinion"
    objective = f"theirs within a factor of {FACTOR:g} of ours, give or take {WIDER_MS:g} ms"
    evidence, apart = [], []
    for figure in ("mean", "p50", "p95"):
        ours = [getattr(side, f"{figure}_ms") for side in (seen.ours_before, seen.ours_after)]
        theirs = getattr(seen.theirs, f"{figure}_ms")
        if theirs is None or None in ours:
            return not_measured(name, "ms", objective, f"too few records to state {figure}")
        low, high = min(ours) / FACTOR - WIDER_MS, max(ours) * FACTOR + WIDER_MS
        evidence.append(f"{figure}: ours {ours[0]:.2f} and {ours[1]:.2f} ms, theirs {theirs:.2f}")
        if not low <= theirs <= high:
            apart.append(figure)
    if apart:
        why = f"they disagree on {', '.join(apart)}; " + "; ".join(evidence)
        return not_measured(name, "ms", objective, why)
    return passed_if(True, name, seen.theirs.p95_ms or 0, "ms (their p95)", objective, evidence)
