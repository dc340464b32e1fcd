"""Orders for small loads, with and without a broker."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.record.load import LoadOrder, WarmUp
from support.record.schedule import Segment

MOCK_BROKER = {"test.mock.num.brokers": "1", "allow.auto.create.topics": "true"}
"""Settings of librdkafka: the producer runs a broker inside itself, and sends to it."""

NO_BROKER = {"message.timeout.ms": "1000"}
"""No server listens at the order's address: each record times out after a second."""


def load_order(
    folder: Path,
    producer: Mapping[str, str],
    segment: Segment,
    *,
    first: int = 0,
    warm_up: WarmUp | None = None,
    stop_free_disk: int = 0,
) -> LoadOrder:
    """An order of one segment, whose columns are written to `folder`."""
    return LoadOrder(
        bootstrap="127.0.0.1:9",
        topic="nowhere",
        producer=producer,
        segments=(segment,),
        seed=1,
        sizes=(1_000, 10_000),
        folder=str(folder),
        warm_up=warm_up,
        disk_folder=str(folder),
        stop_free_disk=stop_free_disk,
        first=first,
    )
