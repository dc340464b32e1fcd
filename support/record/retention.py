"""Records of different ages, and which of them retention by time deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class RetentionRecord:
    """Offset in the first partition -> age of the record in hours when it was written.

    `starts`, `ends`: partition -> start and end of the log after `waited_s`. `committed`: partition
    -> committed offset of a group. `deleted` records had to be deleted before the group read them.
    `answers`: what its consumers received then, in words.
    """

    ages_h: Mapping[int, float]
    starts: Mapping[int, int]
    ends: Mapping[int, int]
    waited_s: float
    committed: Mapping[int, int]
    deleted: int
    answers: tuple[str, ...]


AGED_RECORDS = json_section("aged_records", RetentionRecord)
