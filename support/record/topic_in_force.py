"""A topic as its broker describes it, as far as checks of settings need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Values = Mapping[str, str | None]
"""Setting -> value in force; None for a setting that the broker does not report."""


@dataclass(frozen=True)
class TopicInForce:
    """A topic's settings and partitions; `replicas` of the partition that has the fewest."""

    name: str
    settings: Values
    partitions: int
    replicas: int

    @property
    def exists(self) -> bool:
        """Whether a broker knows the topic; False for one that is missing."""
        return self.partitions > 0

    def unknown(self, wanted: Sequence[str]) -> Iterator[str]:
        """Yields each wanted setting that is not known, or that the topic is missing."""
        if not self.exists:
            yield f"topic {self.name} does not exist"
            return
        yield from unknown_settings(f"topic {self.name}", self.settings, wanted)


def unknown_settings(who: str, values: Values, wanted: Sequence[str]) -> Iterator[str]:
    """Yields the names of the wanted settings that `who` does not report."""
    yield from (f"{who} {key}" for key in wanted if values.get(key) is None)
