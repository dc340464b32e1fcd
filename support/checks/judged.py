"""How a check states its verdict, the same way in every check."""

from __future__ import annotations

from collections.abc import Iterable

from support.ledger.history import History
from support.results.schema import Check, Verdict

SHOWN = 10
"""Examples that stand as evidence; the ledger on disk has all of them."""


def passed_if(
    right: bool,
    name: str,
    measured: float | int | str,
    unit: str,
    objective: str,
    evidence: Iterable[str] = (),
) -> Check:
    """PASS or FAIL with the figure that decided it."""
    verdict = Verdict.PASS if right else Verdict.FAIL
    return Check(name, verdict, measured, unit, objective, tuple(evidence))


def not_measured(name: str, unit: str, objective: str, why: str) -> Check:
    """INCONCLUSIVE, and why."""
    return Check(name, Verdict.INCONCLUSIVE, None, unit, objective, (why,))


def unreadable(history: History, name: str, unit: str, objective: str) -> Check | None:
    """INCONCLUSIVE when the log was not read to its end: absence can't be judged then."""
    if history.log.complete:
        return None
    return not_measured(
        name,
        unit,
        objective,
        f"the final reading stopped at {dict(history.log.reached)} of "
        f"{dict(history.log.end_offsets)}: what is absent can't be told",
    )


def examples(ids: Iterable[int], what: str) -> tuple[str, ...]:
    """The first few of the records concerned."""
    shown = [str(record) for _, record in zip(range(SHOWN), ids, strict=False)]
    return (f"{what}: {', '.join(shown)}",) if shown else ()
