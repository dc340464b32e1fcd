"""A limit that a figure is judged against, as a number that reports can compute with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Operator(Enum):
    """How a figure has to compare with the limit's value."""

    BELOW = "<"
    AT_MOST = "<="
    AT_LEAST = ">="
    EXACTLY = "="


WORDS = {
    Operator.BELOW: "below",
    Operator.AT_MOST: "at most",
    Operator.AT_LEAST: "at least",
    Operator.EXACTLY: "exactly",
}


@dataclass(frozen=True)
class Limit:
    """A figure must be `operator` `value`; `unit` is the unit of both."""

    operator: Operator
    value: float
    unit: str

    def allows(self, figure: float) -> bool:
        """Whether a figure in the limit's unit keeps it."""
        match self.operator:
            case Operator.BELOW:
                return figure < self.value
            case Operator.AT_MOST:
                return figure <= self.value
            case Operator.AT_LEAST:
                return figure >= self.value
            case Operator.EXACTLY:
                return figure == self.value

    def used(self, figure: float) -> float | None:
        """The share of the limit that a figure uses up: 1.0 is the limit itself.

        None where a share has no meaning: a limit of 0, a lower limit, or an exact value.
        """
        upper = self.operator in (Operator.BELOW, Operator.AT_MOST)
        return figure / self.value if upper and self.value > 0 else None

    def __str__(self) -> str:
        return f"{WORDS[self.operator]} {self.value:g} {self.unit}".rstrip()
