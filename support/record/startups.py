"""Starts of a broker, and what its log says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.record.section import json_section

ACKED = "first acknowledged"
"""The milestone at which a broker is ready."""


@dataclass(frozen=True)
class StartupsRecord:
    """For each start: milestone -> seconds from the start of the process.

    `trouble` says why the broker was not ready within `waited_s` in the last start. `lease_wait_s`
    is how long the broker's log shows that its registration was refused; None when it was not.
    """

    starts: tuple[Mapping[str, float], ...]
    waited_s: float
    trouble: str = ""
    lease_wait_s: float | None = None


STARTUPS = json_section("startups", StartupsRecord)
