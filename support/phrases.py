"""Phrases of the features -> values. environment.py registers them as types of step parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from support.faults.catalogue import (
    CAPTURE_RESTARTS,
    CONTROLLER_LOSSES,
    FAULTS,
    FULL_DISKS,
    LATENCY,
    RESTARTS,
    UPGRADED,
    UPGRADES,
    latency_of,
)


def duration(text: str) -> timedelta:
    """Parses a duration like `60 seconds`, `5 minutes` or `100 ms`."""
    number, unit = text.split()
    seconds = {"ms": 0.001, "second": 1, "seconds": 1, "minute": 60, "minutes": 60}[unit]
    return timedelta(seconds=float(number) * seconds)


duration.pattern = r"\d+(?:\.\d+)? (?:ms|seconds?|minutes?)"  # type: ignore[attr-defined]


def one_of(
    phrases: Mapping[str, Any], patterns: Mapping[str, Callable[[str], Any]] | None = None
) -> Callable[[str], Any]:
    """Makes a type whose texts are the keys of `phrases` and whatever one of the patterns matches.

    `patterns`: regular expression without groups -> the function that turns a match into a value.
    """
    more = patterns or {}

    def value_of(text: str) -> Any:
        if text in phrases:
            return phrases[text]
        return next(make(text) for pattern, make in more.items() if re.fullmatch(pattern, text))

    # The longest first: a phrase can begin with another one.
    longest_first = sorted(phrases, key=len, reverse=True)
    texts = [*map(re.escape, longest_first), *more]
    value_of.pattern = "|".join(texts)  # type: ignore[attr-defined]
    return value_of


TYPES: dict[str, Callable[[str], Any]] = {
    "Duration": duration,
    "Fault": one_of(FAULTS, {LATENCY: latency_of}),
    "ControllerLoss": one_of(CONTROLLER_LOSSES),
    "Restart": one_of(RESTARTS),
    "CaptureRestart": one_of(CAPTURE_RESTARTS),
    "FullDisk": one_of(FULL_DISKS),
    "Upgrade": one_of(UPGRADES),
    "Upgraded": one_of(UPGRADED),
}
