"""The figures of a run that can be compared with those of another, by scenario and name."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from support.repeats import name_without_number
from support.report.sections import SECTIONS
from support.report.words import number
from support.results.schema import RunResult
from support.results.units import counted

SEPARATOR = " | "


@dataclass(frozen=True)
class Figure:
    """One value for every repeat of the scenario. `exact`: any change for the worse counts."""

    values: tuple[float, ...]
    unit: str
    higher_is_better: bool = False
    exact: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """The range of the repeats as a share of their median; 0 for a single one."""
        return (max(self.values) - min(self.values)) / self.median if self.median else 0.0


def written(value: float, figure: Figure) -> str:
    """Writes a value of this figure with its unit; a count, which is exact, without decimals."""
    if figure.exact:
        return counted(round(value), figure.unit)
    return f"{number(value)} {figure.unit}"


Figures = Mapping[str, Figure]
"""Key (see `key_of`) -> figure."""


def key_of(scenario: str, figure: str) -> str:
    """Returns the key of a figure; the number of a repeat is no part of it."""
    return f"{name_without_number(scenario)}{SEPARATOR}{figure}"


def parts_of(key: str) -> tuple[str, str]:
    """Returns the scenario and the name of the figure."""
    scenario, _, figure = key.partition(SEPARATOR)
    return scenario, figure


def figures_of(run: RunResult) -> dict[str, Figure]:
    """Returns what the sections offer; repeats of a scenario (-D repeat) become one figure."""
    found: dict[str, Figure] = {}
    for scenario in run.scenarios:
        for each in (figure for section in SECTIONS for figure in section.figures(scenario)):
            if each.value is None:
                continue
            key = key_of(scenario.name, each.name)
            earlier = found[key].values if key in found else ()
            values = (*earlier, float(each.value))
            found[key] = Figure(values, each.unit, each.higher_is_better, each.exact)
    return found
