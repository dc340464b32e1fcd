"""Events of many sizes, and which of them were stored."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SizeOutcome:
    """The outcome of one event whose value has `bytes` bytes.

    `outcome` is "stored", or the error that stopped it and where. `limit` names the limit that
    decides, and `fits` whether the event is within it.
    """

    path: str
    bytes: int
    outcome: str
    limit: str
    fits: bool
