"""A finished trial as facts: what the checks judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.ledger.attempts import Attempts
from support.ledger.observed import Observations


@dataclass(frozen=True)
class LogRead:
    """The whole topic, read once from the beginning by a fresh client after everything settled.

    `end_offsets` (partition -> offset) is where each partition ended before the reading began,
    `reached` is the position that the reader got to.
    """

    seen: Observations
    end_offsets: Mapping[int, int]
    reached: Mapping[int, int]
    bytes: int = 0
    """Of the keys and values read."""

    @property
    def complete(self) -> bool:
        """Whether every partition was read up to its end."""
        return bool(self.end_offsets) and all(
            self.reached.get(partition, 0) >= end for partition, end in self.end_offsets.items()
        )


@dataclass(frozen=True)
class GroupRead:
    """What a consumer group was given, and whether it got to the end of the log."""

    group: str
    seen: Observations
    drained: bool


@dataclass(frozen=True)
class History:
    """Attempts, the log, and the groups that read along."""

    attempts: Attempts
    log: LogRead
    groups: tuple[GroupRead, ...] = ()
