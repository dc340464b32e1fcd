"""Samples the latest events of topics: their sizes, and how well they compress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.generate.payload import ID_WIDTH, POOL
from support.generate.sampled_text import calibrated, compression_ratio
from support.read.topic_reader import TopicReader
from support.record.sampled_payloads import SampledPayloads, quantiles

EVENTS = 5_000
"""The number of events that a sample has, if the topics have that many."""
GROUP = "kafka-validation-sample"
PATIENCE = timedelta(seconds=30)


def sample(kafka: KafkaAddress, topics: Sequence[str], seed: int) -> SampledPayloads:
    """Returns a sample of the latest events of topics, the same number of each partition.

    Only sizes and the ratio of the compression are kept; nothing is written or committed.
    Tombstones are left out. Raises StackError if there is no event.
    """
    client = BrokerClient(kafka)
    partitions = sum(len(client.partitions(topic)) for topic in topics)
    reader = TopicReader(client, GROUP, topics, PATIENCE, last=-(-EVENTS // max(1, partitions)))
    values = [m.value() for batch in reader for m in batch if m.error() is None and m.value()]
    if not values:
        raise StackError(
            "There is no event from which payloads could be sampled.",
            seen=f"topics {', '.join(topics) or 'none'}",
            then="leave -D payloads=sampled out, or run it once the topics carry events",
        )
    joined = b"".join(values)
    seen = SampledPayloads(
        tuple(topics),
        len(values),
        quantiles([len(value) for value in values], POOL),
        round(compression_ratio(joined), 2),
    )
    return calibrated(seen, seed, ID_WIDTH)
