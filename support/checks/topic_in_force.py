"""A topic as its broker describes it: what a check of settings needs to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

    @property
    def there(self) -> bool:
        """False for a topic that should be there, and that no broker knows."""
        return self.partitions > 0

    def untold(self, wanted: Sequence[str]) -> Iterator[str]:
        """Settings that are wanted, and that nobody describes."""
        if not self.there:
            yield f"topic {self.name} is not there"
            return
        yield from untold(f"topic {self.name}", self.settings, wanted)


def untold(who: str, values: Values, wanted: Sequence[str]) -> Iterator[str]:
    """Of the settings that are wanted, those that `who` does not tell: they are not known to be
    right."""
    yield from (f"{who} {key}" for key in wanted if values.get(key) is None)
