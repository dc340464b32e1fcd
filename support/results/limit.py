"""A limit that a figure is judged against, as a number that reports can compute with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from support.results.units import singular


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
        """Whether a figure, in the unit of the limit, is within the limit."""
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
        """Returns the share of the limit that a figure uses: 1.0 is the limit itself.

        None where a share has no meaning: for a limit of 0, a lower limit, or an exact value.
        """
        upper = self.operator in (Operator.BELOW, Operator.AT_MOST)
        return figure / self.value if upper and self.value > 0 else None

    def __str__(self) -> str:
        unit = singular(self.unit) if self.value == 1 else self.unit
        return f"{WORDS[self.operator]} {self.value:,.10g} {unit}".rstrip()


def below(value: float, unit: str) -> Limit:
    """Returns the limit that a figure must be below `value`."""
    return Limit(Operator.BELOW, value, unit)


def at_most(value: float, unit: str) -> Limit:
    """Returns the limit that a figure must not be above `value`."""
    return Limit(Operator.AT_MOST, value, unit)


def at_least(value: float, unit: str) -> Limit:
    """Returns the limit that a figure must not be below `value`."""
    return Limit(Operator.AT_LEAST, value, unit)


def exactly(value: float, unit: str) -> Limit:
    """Returns the limit that a figure must be `value`."""
    return Limit(Operator.EXACTLY, value, unit)
