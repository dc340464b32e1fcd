"""Samples the lag of a consumer group twice a second, from the offsets that Kafka reports."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

from confluent_kafka import KafkaException

from support import clock
from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.errors import Explained, Inconclusive
from support.record.lag import LagPoint

EVERY = timedelta(milliseconds=500)
NO_OFFSET = -1
LAST_SAMPLES = 3
"""Attempts at a last sample."""
LAST_SAMPLE_S = 90
"""Seconds to wait for the current sample: longer than the time-outs of its two requests."""


def read_lag(client: BrokerClient, group: str, topic: str) -> LagPoint:
    """Reads the lag of a group in a topic. Raises KafkaException.

    Committed offsets are read first. The end offsets may grow meanwhile, so the lag can be too
    great but never too small.
    """
    committed, ends = client.committed(group, topic), client.end_offsets(topic)
    lags = {
        partition: None
        if committed.get(partition, NO_OFFSET) == NO_OFFSET
        else end - committed[partition]
        for partition, end in ends.items()
        if end
    }
    # A partition without a leader has no known end offset, hence no known lag.
    lags |= {partition: None for partition in committed if partition not in ends}
    return LagPoint(clock.now_ns(), lags)


class LagWatch:
    """Samples in a thread from its creation until stop(), which returns all points."""

    def __init__(self, kafka: KafkaAddress, group: str, topic: str) -> None:
        self._client, self._group, self._topic = BrokerClient(kafka), group, topic
        self.points: list[LagPoint] = []
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[LagPoint, ...]:
        """Takes a last sample and returns all points; may be called again.

        Raises Inconclusive when Kafka does not answer within LAST_SAMPLE_S.
        """
        if not self._stopping.is_set():
            self._stopping.set()
            self._thread.join(LAST_SAMPLE_S)
            if self._thread.is_alive():
                raise Inconclusive("The lag could not be read to the end: Kafka does not answer.")
            for _ in range(LAST_SAMPLES):
                if self._sample():
                    break
        return tuple(self.points)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY.total_seconds()):
            self._sample()

    def _sample(self) -> bool:
        """Takes a sample; leaves it out if it fails. The check reports when too few are left."""
        try:
            self.points.append(read_lag(self._client, self._group, self._topic))
        except (KafkaException, Explained):
            return False
        return True
