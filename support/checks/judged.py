"""Makes checks: one function for each verdict, used by every check."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from support.record.history import History
from support.results.limit import Limit, exactly
from support.results.schema import Check, Verdict

SHOWN = 10
"""Number of findings shown as evidence; the record on disk has all of them."""


def passed_if(
    right: bool,
    name: str,
    measured: float | int | str,
    unit: str,
    objective: str,
    evidence: Iterable[str] = (),
    limit: Limit | None = None,
) -> Check:
    """Returns PASS or FAIL with the measured value.

    `limit`: what the value was compared with. Raises ValueError when it has another unit.
    """
    if limit is not None and limit.unit != unit:
        raise ValueError(f"the check '{name}' is in '{unit}', and its limit in '{limit.unit}'")
    verdict = Verdict.PASS if right else Verdict.FAIL
    return Check(name, verdict, measured, unit, objective, tuple(evidence), limit=limit)


def measured(name: str, value: float | int | str, unit: str, evidence: Iterable[str] = ()) -> Check:
    """Returns MEASURED: a figure without a limit."""
    return Check(name, Verdict.MEASURED, value, unit, "no limit", tuple(evidence))


def deviates(
    name: str,
    value: float | int | str,
    unit: str,
    objective: str,
    deviation: str,
    evidence: Iterable[str] = (),
) -> Check:
    """Returns DEVIATION: the objective was missed, and the evidence proves the documented cause.

    `deviation` says what the specification requires, what was measured, and why.
    """
    return Check(name, Verdict.DEVIATION, value, unit, objective, tuple(evidence), deviation)


def strictly(check: Check) -> Check:
    """Returns the check as `-D strict=yes` judges it: a DEVIATION is a FAIL."""
    if check.verdict is not Verdict.DEVIATION:
        return check
    return dataclasses.replace(check, verdict=Verdict.FAIL)


def not_measured(name: str, unit: str, objective: str, why: str) -> Check:
    """Returns INCONCLUSIVE with the reason."""
    return Check(name, Verdict.INCONCLUSIVE, None, unit, objective, (why,))


def left_out(name: str, unit: str, objective: str, why: str) -> Check:
    """Returns SKIPPED with the reason: this target can't measure it."""
    return Check(name, Verdict.SKIPPED, None, unit, objective, (why,))


def none_of(
    name: str, unit: str, objective: str, found: Sequence[str], otherwise: Iterable[str] = ()
) -> Check:
    """Returns PASS if nothing was found, otherwise FAIL with the first findings as evidence.

    The measured value is the number of findings, and the limit is 0. `otherwise` is the evidence
    of a PASS.
    """
    evidence = some(found) if found else tuple(otherwise)
    limit = exactly(0, unit)
    return passed_if(not found, name, len(found), unit, objective, evidence, limit)


def none_of_ids(
    name: str, unit: str, objective: str, ids: Sequence[int], evidence: Iterable[str] = ()
) -> Check:
    """Returns PASS if there is no record of this kind, otherwise FAIL.

    The measured value is their number, and the limit is 0. Without `evidence`, the first ids are
    the evidence.
    """
    shown = tuple(evidence) or examples(ids, "ids")
    limit = exactly(0, unit)
    return passed_if(len(ids) == 0, name, len(ids), unit, objective, shown, limit)


def unreadable(history: History, name: str, unit: str, objective: str) -> Check | None:
    """Returns INCONCLUSIVE if the log was not read to its end; None if it was.

    In a part that was not read, nothing can be called absent.
    """
    log = history.log
    if log.complete:
        return None
    why = [f"partition {p}: {trouble}" for p, trouble in sorted(log.unreadable.items())]
    why = why or [
        f"the final reader stopped at {dict(log.reached)}, but the log ends at "
        f"{dict(log.end_offsets)}"
    ]
    why.append("the log was not read to its end, so nothing can be called absent")
    return not_measured(name, unit, objective, "; ".join(why))


def without_groups(history: History, name: str, unit: str, objective: str) -> Check | None:
    """Returns INCONCLUSIVE if no record was delivered to a consumer group; None if one was."""
    if any(len(group.seen) for group in history.groups):
        return None
    return not_measured(name, unit, objective, "no record was delivered to a consumer group")


def some(found: Sequence[str]) -> tuple[str, ...]:
    """Returns the first findings, and how many more there are."""
    more = len(found) - SHOWN
    return (*found[:SHOWN], *([f"and {more} more"] if more > 0 else []))


def examples(ids: Sequence[int], what: str) -> tuple[str, ...]:
    """Returns one line with the first record ids and how many more there are; empty without any."""
    if not ids:
        return ()
    more = len(ids) - SHOWN
    shown = ", ".join(str(record) for record in ids[:SHOWN])
    return (f"{what}: {shown}" + (f" and {more} more" if more > 0 else ""),)
