"""A batch of the log that a client refuses to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Damage:
    """Offsets of a partition, from `offset` to before `until`, and the client's error."""

    topic: str
    partition: int
    offset: int
    until: int
    error: str

    @property
    def where(self) -> str:
        """The partition and its damaged offsets, as words."""
        return f"partition {self.partition}, offsets {self.offset} to {self.until - 1}"

    def __str__(self) -> str:
        return f"{self.topic}, {self.where}: {self.error}"
