"""Repeats scenarios, so that a spread can be stated (-D repeat=N)."""

from __future__ import annotations

import copy
import re
from typing import Any

_NUMBER = re.compile(r" \[\d+ of \d+\]$")


def repeat_scenarios(feature: Any, times: int) -> None:
    """Repeats each scenario of a parsed feature; `[n of times]` is added to its name.

    Uses only `run_items` of the feature, and `scenarios` of those items that are outlines.
    """
    if times == 1:
        return
    repeated = []
    for item in feature.run_items:
        for scenario in getattr(item, "scenarios", [item]):
            # The copies share the feature, the parent and the tags, because a tag can't be copied.
            shared = (feature, scenario.parent, *scenario.effective_tags)
            for number in range(1, times + 1):
                one = copy.deepcopy(scenario, {id(each): each for each in shared})
                one.name = f"{scenario.name} [{number} of {times}]"
                repeated.append(one)
    feature.run_items[:] = repeated


def name_without_number(name: str) -> str:
    """The name of a scenario without the number of its repetition."""
    return _NUMBER.sub("", name)
