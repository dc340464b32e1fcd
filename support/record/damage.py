"""A stretch of the log that a client refuses to take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Damage:
    """Places of a partition, from `offset` up to and without `until`, and the client's error."""

    topic: str
    partition: int
    offset: int
    until: int
    error: str

    @property
    def place(self) -> str:
        return f"partition {self.partition}, offsets {self.offset} to {self.until - 1}"

    def __str__(self) -> str:
        return f"{self.topic}, {self.place}: {self.error}"
