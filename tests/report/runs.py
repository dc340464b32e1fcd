"""Small runs made of example scenarios."""

from __future__ import annotations

import dataclasses

from support.results.schema import RunResult, ScenarioResult
from tests.results.examples import RUN


def run_of(*scenarios: ScenarioResult, **changes: object) -> RunResult:
    """Returns the example run with these scenarios and changed fields."""
    return dataclasses.replace(RUN, scenarios=scenarios, **changes)  # type: ignore[arg-type]
