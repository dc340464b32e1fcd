"""The parts of run.json that a review did not find in the written reports."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class Review:
    """How many figures, names and findings a document must show, and which are `missing`."""

    missing: tuple[str, ...]
    expected: int


REVIEWS = json_section("reviews", dict[str, Review])
"""Document -> its review."""
