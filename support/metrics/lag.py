"""How far a consumer group is behind, by Kafka's own word, twice a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from confluent_kafka import KafkaException

from support import clock
from support.clients.broker import BrokerClient
from support.errors import Explained, Inconclusive
from support.record.sessions import NO_OFFSET

EVERY = timedelta(milliseconds=500)
LAST_LOOKS = 3
LAST_LOOK_S = 90
"""Both of its requests have an end of their own."""


@dataclass(frozen=True)
class LagPoint:
    """Monotonic ns; partition with records -> end offset minus committed offset, None without a
    commit."""

    at_ns: int
    partitions: Mapping[int, int | None]

    @property
    def total(self) -> int | None:
        """None while a partition has no commit: nothing is known of it then, which is not 0."""
        known = [lag for lag in self.partitions.values() if lag is not None]
        return sum(known) if known and len(known) == len(self.partitions) else None


def read_lag(client: BrokerClient, group: str, topic: str) -> LagPoint:
    """Committed offsets first: the end may go on meanwhile, so the lag is never too small."""
    committed, ends = client.committed(group, topic), client.end_offsets(topic)
    lags = {
        partition: None
        if committed.get(partition, NO_OFFSET) == NO_OFFSET
        else end - committed[partition]
        for partition, end in ends.items()
        if end
    }
    # Nobody can say how far behind it is in a partition without a leader.
    lags |= {partition: None for partition in committed if partition not in ends}
    return LagPoint(clock.now_ns(), lags)


class LagWatch:
    """Samples in a thread from its creation until stop(), which gives all points."""

    def __init__(self, bootstrap: str, group: str, topic: str) -> None:
        self._client, self._group, self._topic = BrokerClient(bootstrap), group, topic
        self.points: list[LagPoint] = []
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[LagPoint, ...]:
        """With a last look; may be called again."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._thread.join(LAST_LOOK_S)
            if self._thread.is_alive():
                raise Inconclusive("The lag could not be read to the end: Kafka does not answer.")
            for _ in range(LAST_LOOKS):
                if self._look():
                    break
        return tuple(self.points)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY.total_seconds()):
            self._look()

    def _look(self) -> bool:
        """A look that fails is left out: the check says so when too few are left."""
        try:
            self.points.append(read_lag(self._client, self._group, self._topic))
        except (KafkaException, Explained):
            return False
        return True
