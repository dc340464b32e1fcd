"""Reads topics, or their last records, to where they end now, with a fresh client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connection import client_config
from support.interruption import check

BATCH = 500


class TopicReader:
    """Iterate over it once: batches of fetched records, which may go beyond `ends`.

    `ends` and `reached`: (topic, partition) -> the offset noted at first, and the position that
    the reader got to. With `last` only so many of each partition. Stops when `patience` passes
    without progress; `complete` then says so.
    """

    def __init__(
        self,
        client: BrokerClient,
        consumer: Mapping[str, str],
        group: str,
        topics: Sequence[str],
        patience: timedelta,
        last: int | None = None,
    ) -> None:
        starts = {(t, p): start for t in topics for p, start in client.start_offsets(t).items()}
        self.ends = {(t, p): end for t in topics for p, end in client.end_offsets(t).items()}
        if last is not None:
            starts = {place: max(starts[place], end - last) for place, end in self.ends.items()}
        self.reached = {place: min(starts[place], end) for place, end in self.ends.items()}
        self._patience_ns = patience.total_seconds() * clock.NS_PER_S
        own = {"group.id": group, "enable.auto.commit": "false"}
        self._config = client_config(client.bootstrap, {**consumer, **own})

    @property
    def complete(self) -> bool:
        return all(self.reached[place] >= end for place, end in self.ends.items())

    def __iter__(self) -> Iterator[list[Any]]:
        reader = Consumer(self._config)
        try:
            places = self.reached.items()
            reader.assign([TopicPartition(topic, part, at) for (topic, part), at in places])
            last_progress = clock.now_ns()
            while not self.complete:
                check()
                batch = [m for m in reader.consume(BATCH, timeout=1.0) if m.error() is None]
                yield batch
                for message in batch:
                    self.reached[message.topic(), message.partition()] = message.offset() + 1
                if batch:
                    last_progress = clock.now_ns()
                if clock.now_ns() - last_progress > self._patience_ns:
                    break
        finally:
            reader.close()
