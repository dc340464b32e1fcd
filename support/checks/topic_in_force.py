"""A topic as its broker describes it: what a check of settings needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, str | None]
"""Setting -> value in force; None for one that the broker does not tell."""


@dataclass(frozen=True)
class TopicInForce:
    """Settings by the broker's own word, the number of partitions, and the number of replicas of
    the partition that has the fewest."""

    name: str
    settings: Values
    partitions: int
    replicas: int
