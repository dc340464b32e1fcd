"""The needs of steps that judge the team's connectors, as far as a look at a stack can answer them.

A step declares them with `@needs_of_team(...)`. They only serve the prediction of `make
check-stack`: in a run the step itself looks, and raises Unavailable for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Step = TypeVar("Step", bound=Callable[..., object])

NO_CONNECTOR = "Kafka Connect runs no PostgreSQL connector on the database {database}."
NO_TOPIC = "No captured table has rows: there is no topic to compare with."


@dataclass(frozen=True)
class TeamSeen:
    """The team's connectors on a database, counted.

    `judged`: the number of those that can be judged. `left_out`: of those that may be the team's
    and can't be judged. `tables`: the number of captured tables, empty ones included.
    """

    database: str
    judged: int
    left_out: int
    tables: int


TeamNeed = Callable[[TeamSeen], str]
"""Returns why a scenario would be skipped; empty if it would not be."""


def needs_of_team(*wanted: TeamNeed) -> Callable[[Step], Step]:
    """Declares what a step needs of the team's connectors."""

    def declared(step: Step) -> Step:
        step.needs_of_team = wanted  # type: ignore[attr-defined]
        return step

    return declared


def a_connector(team: TeamSeen) -> str:
    """Needs a connector. One that can't be judged makes the scenario INCONCLUSIVE instead."""
    found = team.judged or team.left_out
    return "" if found else NO_CONNECTOR.format(database=team.database)


def a_captured_table(team: TeamSeen) -> str:
    """Needs a captured table. Without any connector the scenario is INCONCLUSIVE instead."""
    return "" if team.tables or not team.judged else NO_TOPIC
