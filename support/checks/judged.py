"""How a check states its verdict, the same way in every check."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from support.record.history import History
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


def measured(name: str, value: float | int | str, unit: str, evidence: Iterable[str] = ()) -> Check:
    """MEASURED: a figure that has no limit, so that nothing is promised about its size."""
    return Check(name, Verdict.MEASURED, value, unit, "no limit", tuple(evidence))


def deviates(
    name: str,
    value: float | int | str,
    unit: str,
    objective: str,
    deviation: str,
    evidence: Iterable[str] = (),
) -> Check:
    """DEVIATION: the objective was missed, and the evidence proves the documented cause.

    `deviation` says what the specification wants, what was seen, and why.
    """
    return Check(name, Verdict.DEVIATION, value, unit, objective, tuple(evidence), deviation)


def strictly(check: Check) -> Check:
    """The check under `-D strict=yes`: a deviation is a failure."""
    if check.verdict is not Verdict.DEVIATION:
        return check
    return dataclasses.replace(check, verdict=Verdict.FAIL)


def not_measured(name: str, unit: str, objective: str, why: str) -> Check:
    """INCONCLUSIVE, and why."""
    return Check(name, Verdict.INCONCLUSIVE, None, unit, objective, (why,))


def none_of(
    name: str, unit: str, objective: str, found: Sequence[str], otherwise: Iterable[str] = ()
) -> Check:
    """PASS when nothing was found; else FAIL with the first few as evidence."""
    evidence = some(found) if found else tuple(otherwise)
    return passed_if(not found, name, len(found), unit, objective, evidence)


def unreadable(history: History, name: str, unit: str, objective: str) -> Check | None:
    """INCONCLUSIVE when the log was not read to its end: absence can't be judged then."""
    log = history.log
    if log.complete:
        return None
    why = [f"partition {p}: {told}" for p, told in sorted(log.unreadable.items())]
    why = why or [f"the final reading stopped at {dict(log.reached)} of {dict(log.end_offsets)}"]
    return not_measured(name, unit, objective, "; ".join([*why, "what is absent can't be told"]))


def without_groups(history: History, name: str, unit: str, objective: str) -> Check | None:
    """INCONCLUSIVE when no consumer group read along, or none was given anything."""
    if any(len(group.seen) for group in history.groups):
        return None
    return not_measured(name, unit, objective, "no consumer group was given anything")


def some(found: Sequence[str]) -> tuple[str, ...]:
    """The first few findings, and how many more there are."""
    more = len(found) - SHOWN
    return (*found[:SHOWN], *([f"and {more} more"] if more > 0 else []))


def examples(ids: Sequence[int], what: str) -> tuple[str, ...]:
    """The first few of the records concerned, in one line."""
    if not ids:
        return ()
    more = len(ids) - SHOWN
    told = ", ".join(str(record) for record in ids[:SHOWN])
    return (f"{what}: {told}" + (f" and {more} more" if more > 0 else ""),)
