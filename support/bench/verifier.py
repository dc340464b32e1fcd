"""Our reader in a separate process, so that memory and processor time are those of reading.

`python -m support.bench.verifier < order.json`: reads a topic, checks every record, and writes the
cost as JSON.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from support import clock
from support.bench.figures import Cost
from support.clients.kafka_address import KafkaAddress
from support.generate.payload import payloads
from support.metrics.sampler import peak_rss_bytes
from support.read.log_reader import read_whole_log

SEED = 1
PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True)
class ReadOrder:
    """The reading to measure; all payloads have one size."""

    kafka: KafkaAddress
    topic: str
    journal: str
    size: int


@dataclass(frozen=True)
class Verified:
    """How many records were read, and how many of them were intact."""

    cost: Cost
    intact: int


def main() -> None:
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=ReadOrder)
    sent, journal = payloads(SEED, order.size, order.size), Path(order.journal)
    began = clock.now_ns()
    log = read_whole_log(order.kafka, order.topic, sent, journal, PATIENCE)
    seconds = (clock.now_ns() - began) / clock.NS_PER_S
    cost = Cost(len(log.seen), seconds, sum(os.times()[:2]), peak_rss_bytes())
    sys.stdout.buffer.write(msgspec.json.encode(Verified(cost, int(log.seen.intact.sum()))))


if __name__ == "__main__":
    main()
