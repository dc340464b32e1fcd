"""What a review of the written reports did not find in them."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class Review:
    """Of `expected` figures, names and findings of run.json, those `missing` in a document."""

    missing: tuple[str, ...]
    expected: int


REVIEWS = json_section("reviews", dict[str, Review])
"""Document -> its review."""
