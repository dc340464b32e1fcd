"""When each event first reached a reader, kept while a scenario goes on."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.events import Event

Identified = tuple[str, str, int, int]
"""The change that an event describes: op, table, key, version."""


@dataclass(frozen=True)
class Arrival:
    """`commit_ms` by PostgreSQL's clock; `arrived_ns` (monotonic) is None for an event that was in
    the topic before the reader began."""

    change: Identified
    commit_ms: int
    arrived_ns: int | None
    lsn: int = 0
    """Where the change stands in PostgreSQL's write-ahead log."""


class Arrivals:
    """In the order of arrival; of an event that is read twice the first time counts."""

    def __init__(self) -> None:
        self.all: list[Arrival] = []
        self._at: dict[tuple[str, int, int], Arrival] = {}
        self._of: dict[Identified, Arrival] = {}

    def note(self, event: Event, change: Identified, arrived_ns: int | None) -> None:
        """Keep the arrival of an event that describes this change."""
        place = event.table, event.partition, event.offset
        known = self._at.get(place)
        # A log that was cut after a crash can hold another event at the same offset.
        if event.envelope is None or (known is not None and known.change == change):
            return
        source = event.envelope.source
        arrival = Arrival(change, source.ts_ms, arrived_ns, source.lsn or 0)
        self.all.append(arrival)
        self._at[place] = arrival
        self._of.setdefault(change, arrival)

    def first_of_each(self) -> list[Arrival]:
        """The first event of every change, in the order of arrival."""
        return list(self._of.values())

    def streamed_since(self, moment_ns: int) -> list[Arrival]:
        """Every event but a snapshot's that arrived at or after a moment, sent again or not."""
        return [
            each
            for each in self.all
            if each.change[0] != "r" and (each.arrived_ns or 0) >= moment_ns
        ]

    def of_change(self, change: Identified) -> Arrival | None:
        """Its first event; None when there is none yet."""
        return self._of.get(change)
