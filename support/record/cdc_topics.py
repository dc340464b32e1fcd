"""The CDC topics of the stack at the beginning of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class CdcTopicsRecord:
    """Topic -> number of its records. `illegal` names those of the last records that are no events.

    `trouble` says why Debezium does not run; empty when it does.
    """

    trouble: str
    events: Mapping[str, int]
    illegal: tuple[str, ...] = ()


CDC_TOPICS = json_section("cdc_topics", CdcTopicsRecord)
