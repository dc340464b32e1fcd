"""Reads topics, or their last records, to where they end now, with a fresh client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connection import reader_config
from support.interruption import check
from support.read.damaged_batches import DAMAGED, UNEXPLAINED, Look, look_from, readable_from
from support.record.damage import Damage

BATCH = 500
ONE_LOOK = timedelta(seconds=5)
AT_END = "_PARTITION_EOF"

Place = tuple[str, int]
"""Topic and partition."""


class TopicReader:
    """Iterate over it once: batches of fetched records, which may go beyond `ends`.

    `ends` and `reached`: place -> the offset noted at first, and the position that the reader got
    to. With `last` only so many of each partition. Progress is a position that advances: the
    reader stops when `patience` passes without any. A batch that the client refuses is passed over
    and kept in `damaged`; a place that was not read to its end is in `unreadable`, with the reason.
    `consumer`: settings of a consumer to read as; without them the client is a strict one.
    """

    def __init__(
        self,
        client: BrokerClient,
        group: str,
        topics: Sequence[str],
        patience: timedelta,
        last: int | None = None,
        consumer: Mapping[str, str] | None = None,
    ) -> None:
        starts = {(t, p): start for t in topics for p, start in client.start_offsets(t).items()}
        ends = {(t, p): end for t in topics for p, end in client.end_offsets(t).items()}
        self.ends = {place: end for place, end in ends.items() if place in starts}
        if last is not None:
            starts = {place: max(starts[place], end - last) for place, end in self.ends.items()}
        self.reached = {place: min(starts[place], end) for place, end in self.ends.items()}
        self.damaged: list[Damage] = []
        self.unreadable = {
            (t, p): "it has no leader"
            for t in topics
            for p in client.partitions(t)
            if (t, p) not in self.ends
        }
        self._empty = not topics or {t for t, _ in (*self.ends, *self.unreadable)} != set(topics)
        self._errors: dict[Place, tuple[str, str]] = {}
        """Errors of the batch in hand: place -> the first error's name, and its words."""
        self._last_error = "the client reported no error"
        self._patience = patience
        self._config = {**reader_config(client.bootstrap, group), **(consumer or {})}

    @property
    def complete(self) -> bool:
        """Whether every partition of every topic was read up to its end."""
        return not self._empty and not self.unreadable and not self._left()

    def __iter__(self) -> Iterator[list[Any]]:
        last_progress = clock.now_ns()
        try:
            while self._left():
                with closing(self._client()) as reader:
                    while self._left() and not self._errors:
                        check()
                        before = sum(self.reached.values())
                        yield self._take(reader.consume(self._batch(), timeout=1.0))
                        if sum(self.reached.values()) > before:
                            last_progress = clock.now_ns()
                        waited_s = (clock.now_ns() - last_progress) / clock.NS_PER_S
                        if waited_s > self._patience.total_seconds():
                            return
                if self._pass_over():
                    last_progress = clock.now_ns()
        finally:
            for place in self._left():
                told = f"read to {self.reached[place]} of {self.ends[place]}; {self._last_error}"
                self.unreadable.setdefault(place, told)

    def _left(self) -> list[Place]:
        return [place for place, end in self.ends.items() if self.reached[place] < end]

    def _batch(self) -> int:
        """How many records to ask for: no more than are left, as a client that is asked for more
        waits for them until its time-out."""
        left = sum(self.ends[place] - self.reached[place] for place in self._left())
        return min(BATCH, left)

    def _client(self) -> Consumer:
        """A new one after every error: its position may be anywhere, and librdkafka 2.8 can abort
        the process when a partition is assigned again before it was fetched from."""
        reader = Consumer(self._config)
        reader.assign([TopicPartition(*place, self.reached[place]) for place in self._left()])
        return reader

    def _take(self, messages: Sequence[Any]) -> list[Any]:
        """The records that lead on. What follows an error in its partition is left alone: the
        client's position may be anywhere then."""
        taken = []
        for message in messages:
            place, offset = (message.topic(), message.partition()), message.offset()
            error = message.error()
            if error is not None and error.name() != AT_END:
                self._note(place, error)
            elif place not in self._errors and offset >= self.reached.get(place, 0):
                # Behind the last record there may be places that hold none: the end tells of them.
                self.reached[place] = offset + (error is None)
                taken += [message] if error is None else []
        return taken

    def _note(self, place: Place, error: Any) -> None:
        self._last_error = f"{place[0]}, partition {place[1]}: {error.name()}: {error.str()}"
        if place in self.ends:
            self._errors.setdefault(place, (error.name(), error.str()))

    def _pass_over(self) -> bool:
        """Go on behind a batch that the client refuses again; what fails otherwise is repeated."""
        passed = False
        for place, (name, words) in self._errors.items():
            at, end = self.reached[place], self.ends[place]
            look = partial(look_from, self._config, *place, within=ONE_LOOK)
            if name not in DAMAGED or at >= end or look(at) is not Look.REFUSED:
                continue
            until = readable_from(look, at, end)
            if name == UNEXPLAINED:
                clock.pause(self._patience / 3)
                if look(at) is not Look.REFUSED:
                    continue
            if until is not None:
                self.damaged.append(Damage(*place, at, until, f"{name}: {words}"))
                self.reached[place] = until
                passed = True
        self._errors.clear()
        return passed
