"""The parts of a section of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from support.report.headline import Headline
from support.results.schema import RunResult, ScenarioResult


@dataclass(frozen=True)
class Offered:
    """A figure of a scenario that can be compared with that of another run.

    `exact`: any change for the worse counts, however small.
    """

    name: str
    value: float | None
    unit: str
    higher_is_better: bool = False
    exact: bool = False


def _no_figures(_scenario: ScenarioResult) -> Iterator[Offered]:
    return iter(())


def _no_headlines(_run: RunResult) -> Iterator[Headline]:
    return iter(())


def _no_brief(_scenario: ScenarioResult) -> str:
    return ""


@dataclass(frozen=True)
class Section:
    """One part of a scenario's record: how documents show it, and which figures it offers.

    `text`: markdown lines about one scenario, empty where it recorded nothing of this part.
    `brief`: the same as a phrase for a row of a table. `figures`: what can be compared between
    runs. `headlines`: the figures on top of index.html.
    """

    text: Callable[[ScenarioResult], list[str]]
    brief: Callable[[ScenarioResult], str] = _no_brief
    figures: Callable[[ScenarioResult], Iterator[Offered]] = _no_figures
    headlines: Callable[[RunResult], Iterator[Headline]] = _no_headlines
