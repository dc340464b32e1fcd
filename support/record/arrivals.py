"""When each event first reached a reader that read the whole time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from support.clock import ClockOffset
from support.record.events import Event
from support.record.section import zipped_section

Identified = tuple[str, str, int, int]
"""The change that an event describes: op, table, key, version."""


@dataclass(frozen=True)
class Arrival:
    """The arrival of one event.

    `commit_ms` is by PostgreSQL's clock, `lsn` the change's position in its write-ahead log.
    `arrived_ns` (monotonic) is None for an event that was in the topic before the reader began.
    """

    change: Identified
    commit_ms: int
    arrived_ns: int | None
    lsn: int = 0


class Arrivals:
    """Arrivals in their order. An event that is read twice counts as arriving the first time."""

    def __init__(self, arrivals: Iterable[Arrival] = ()) -> None:
        self.all: list[Arrival] = []
        self._at: dict[tuple[str, int, int], Arrival] = {}
        self._of: dict[Identified, Arrival] = {}
        for arrival in arrivals:
            self._keep(arrival)

    def note(self, event: Event, change: Identified, arrived_ns: int | None) -> None:
        """Keeps the arrival of an event that describes this change."""
        place = event.table, event.partition, event.offset
        known = self._at.get(place)
        # A log that was cut after a crash can hold another event at the same offset.
        if event.envelope is None or (known is not None and known.change == change):
            return
        source = event.envelope.source
        arrival = Arrival(change, source.ts_ms, arrived_ns, source.lsn or 0)
        self._at[place] = arrival
        self._keep(arrival)

    def _keep(self, arrival: Arrival) -> None:
        self.all.append(arrival)
        self._of.setdefault(arrival.change, arrival)

    def first_of_each(self) -> list[Arrival]:
        """Returns the first event of every change, in the order of arrival."""
        return list(self._of.values())

    def streamed_since(self, moment_ns: int) -> list[Arrival]:
        """Returns the events that arrived at or after a moment, without those of a snapshot."""
        return [
            each
            for each in self.all
            if each.change[0] != "r" and (each.arrived_ns or 0) >= moment_ns
        ]

    def of_change(self, change: Identified) -> Arrival | None:
        """Returns the first event of a change; None when there is none yet."""
        return self._of.get(change)


@dataclass(frozen=True)
class ArrivalsRecord:
    """The events that the reader saw until `until_ns` (monotonic), and PostgreSQL's clock.

    `trouble` says why it saw nothing more before that; empty when it read to the end. `reported`
    has the errors of its client, counted.
    """

    arrivals: tuple[Arrival, ...]
    clocks: ClockOffset
    until_ns: int
    trouble: str = ""
    reported: tuple[str, ...] = ()


ARRIVALS = zipped_section("arrivals", ArrivalsRecord)
