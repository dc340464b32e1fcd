"""The identity of a scenario: its feature, name, tags and location."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """Identifies a scenario in run.json and in the reports.

    `location` is the feature file and the line, or empty.
    """

    feature: str
    name: str
    tags: tuple[str, ...]
    location: str = ""
