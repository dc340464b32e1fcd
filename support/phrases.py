"""Words of the features -> values. Registered as behave's types by environment.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from support.faults.catalogue import FAULTS


def duration(text: str) -> timedelta:
    """`60 seconds`, `5 minutes`, `100 ms`."""
    number, unit = text.split()
    seconds = {"ms": 0.001, "second": 1, "seconds": 1, "minute": 60, "minutes": 60}[unit]
    return timedelta(seconds=float(number) * seconds)


duration.pattern = r"\d+(?:\.\d+)? (?:ms|seconds?|minutes?)"  # type: ignore[attr-defined]


def fault(text: str) -> Any:
    """One of the faults in the catalogue."""
    return FAULTS[text]


fault.pattern = "|".join(  # type: ignore[attr-defined]
    sorted((name.replace("(", r"\(").replace(")", r"\)") for name in FAULTS), reverse=True)
)

TYPES: dict[str, Callable[[str], Any]] = {"Duration": duration, "Fault": fault}
