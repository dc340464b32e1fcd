"""The end of a broker that no fault of the scenario explains."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class BrokerEnd:
    """The progress of the scenario, the last lines of the broker's log, and whether it is back."""

    how_far: str
    last_words: str
    back: bool


BROKER_END = json_section("broker_end", BrokerEnd)
