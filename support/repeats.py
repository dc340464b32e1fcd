"""Scenarios several times over, so that a spread can be stated (-D repeat=N)."""

from __future__ import annotations

import copy
import re
from typing import Any

_NUMBER = re.compile(r" \[\d+ of \d+\]$")


def repeat_scenarios(feature: Any, times: int) -> None:
    """Put each scenario of a parsed feature there `times` times, told apart by `[n of times]`.

    Knows of a feature only that it has `run_items`, of which outlines hold `scenarios`.
    """
    if times == 1:
        return
    repeated = []
    for item in feature.run_items:
        for scenario in getattr(item, "scenarios", [item]):
            # Shared are what it is in and its tags (a tag can't be copied); the rest is a copy.
            shared = (feature, scenario.parent, *scenario.effective_tags)
            for number in range(1, times + 1):
                one = copy.deepcopy(scenario, {id(each): each for each in shared})
                one.name = f"{scenario.name} [{number} of {times}]"
                repeated.append(one)
    feature.run_items[:] = repeated


def name_without_number(name: str) -> str:
    """The scenario's own name."""
    return _NUMBER.sub("", name)
