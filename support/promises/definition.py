"""Checks as objects: what a step can require, with the limit that its sentence states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from support.errors import Inconclusive
from support.promises.words import Words
from support.record.record import Record
from support.record.section import Section
from support.results.limit import Limit, Operator
from support.results.schema import Check, Verdict

SINCE_READY = "s after ready"
"""Unit of a limit that counts from the proof that the broken part works again."""
PER_SECOND = {"s": 1.0, "ms": 1000.0, SINCE_READY: 1.0}
"""Unit of time -> units per second."""


@dataclass(frozen=True)
class CheckDefinition:
    """A check with everything that judging it needs, its limit included.

    `judge` computes the check from a scenario's record, which must have the `sections`. `own_name`
    replaces the name in `words` where several checks share them. `limit` is one that a LimitedCheck
    got from a sentence; a fixed limit is set by `judge`.
    """

    words: Words
    judge: Callable[[Record], Check]
    sections: tuple[Section[Any], ...] = ()
    own_name: str = ""
    limit: Limit | None = None

    @property
    def name(self) -> str:
        """The name in run.json and in all reports."""
        return self.own_name or self.words.name

    def judged(self, record: Record) -> Check:
        """Returns the check of a record, INCONCLUSIVE if the record lacks a section.

        Raises ValueError if `judge` returns a check of another name.
        """
        try:
            check = self.judge(record)
        except Inconclusive as error:
            why, limit = (str(error),), self.limit
            return Check(self.name, Verdict.INCONCLUSIVE, None, "", "", why, limit=limit)
        if check.name != self.name:
            raise ValueError(f"the check '{self.name}' calls itself '{check.name}'")
        return replace(check, limit=check.limit or self.limit)


@dataclass(frozen=True)
class LimitedCheck:
    """A check whose limit, in `unit`, comes from the sentence of a scenario.

    `unlimited` computes it where the sentence states no limit; None if every sentence has to.
    """

    words: Words
    unit: str
    judge: Callable[[Record, Limit], Check]
    sections: tuple[Section[Any], ...] = ()
    own_name: str = ""
    unlimited: Callable[[Record], Check] | None = None

    @property
    def name(self) -> str:
        """The name in run.json and in all reports."""
        return self.own_name or self.words.name

    def below(self, value: float | timedelta) -> CheckDefinition:
        """Returns the check with a limit: the figure must be below `value`."""
        return self.limited(Limit(Operator.BELOW, self._number(value), self.unit))

    def at_most(self, value: float | timedelta) -> CheckDefinition:
        """Returns the check with a limit: the figure must be `value` at most."""
        return self.limited(Limit(Operator.AT_MOST, self._number(value), self.unit))

    def exactly(self, value: float) -> CheckDefinition:
        """Returns the check with a limit: the figure must be `value`."""
        return self.limited(Limit(Operator.EXACTLY, self._number(value), self.unit))

    def limited(self, limit: Limit) -> CheckDefinition:
        """Returns the check with a limit."""
        return CheckDefinition(
            self.words,
            lambda record: self.judge(record, limit),
            self.sections,
            self.own_name,
            limit,
        )

    def measured(self) -> CheckDefinition:
        """Returns the check without a limit, which only states its figure."""
        if self.unlimited is None:
            raise ValueError(f"the check '{self.name}' needs a limit")
        return CheckDefinition(self.words, self.unlimited, self.sections, self.own_name)

    def _number(self, value: float | timedelta) -> float:
        if isinstance(value, timedelta):
            return value.total_seconds() * PER_SECOND[self.unit]
        return float(value)
