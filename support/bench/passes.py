"""Single passes of our instruments, and of Kafka's own tools, over topics of the same kind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from support import clock
from support.bench.figures import Cost, Pacing, dispersion, pacing_error
from support.bench.verifier import SEED, ReadOrder, Verified
from support.clients.broker import BrokerClient
from support.clients.disk_guard import guarded
from support.errors import Inconclusive
from support.generate.payload import payloads as payloads_of
from support.generate.perf_test import (
    CONSUMER,
    PRODUCER,
    consumer_arguments,
    parse_consumer,
    parse_producer,
    producer_arguments,
    write_payload_file,
)
from support.generate.publisher import RunningLoad, run_load
from support.metrics.summary import summarise
from support.read.topic_reader import TopicReader
from support.record.attempts import Outcome
from support.record.load import LoadOrder, WarmUp
from support.record.schedule import UNPACED, Segment, all_intended_ns
from support.settings import ROOT, environment_for_children
from support.stack.embedded.stack import EmbeddedStack

PATIENCE = timedelta(minutes=10)


class Bench:
    """Makes passes on one stack; the caller deletes the topic after each."""

    def __init__(self, stack: EmbeddedStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._client = BrokerClient(stack.endpoints.kafka)
        self._count = 0

    def topic(self, partitions: int = 3) -> str:
        self._count += 1
        name = f"kafka-validation-bench-{self._count}"
        config = {**self._stack.baseline.topic, "partitions": str(partitions)}
        self._client.create_topic(name, guarded(config))
        return name

    def drop(self, topic: str) -> None:
        self._client.delete_topics([topic])

    def our_replay(self, topic: str, count: int, size: int) -> Cost:
        """Sends as fast as possible; every record has its own id and is written to the journal.

        Processor time is that of the whole process, its start included, as for their tool. Raises
        Inconclusive when a record was not acknowledged.
        """
        before = _children_s()
        load = self._load(topic, (Segment(UNPACED, count),), (size, size), None)
        attempts = load.attempts()
        if attempts.count(Outcome.ACKED) < count:
            raise Inconclusive("Not every record of our replay was acknowledged.")
        seconds = (int(attempts.acked_ns.max()) - load.news.start_ns) / clock.NS_PER_S
        return Cost(count, seconds, _children_s() - before, load.news.peak_rss_bytes)

    def their_replay(self, topic: str, count: int, size: int) -> Cost:
        output, cpu_s = self._tool(PRODUCER, self._producer(topic, UNLIMITED, count, size))
        result = parse_producer(output)
        return Cost(result.records, result.records / result.records_per_s, cpu_s)

    def our_verified_read(self, topic: str, count: int, size: int) -> Cost:
        """Reads the whole topic, checks every record and writes it into a journal.

        Raises Inconclusive when a record is missing or damaged.
        """
        order = ReadOrder(
            self._stack.endpoints.kafka,
            topic,
            str(self._folder / "read.journal"),
            size,
        )
        done = subprocess.run(
            [sys.executable, "-m", "support.bench.verifier"],
            cwd=ROOT,
            env=environment_for_children({}),
            input=msgspec.json.encode(order) + b"\n",
            stdout=subprocess.PIPE,
            check=True,
            timeout=PATIENCE.total_seconds(),
        )
        seen = msgspec.json.decode(done.stdout, type=Verified)
        if seen.cost.records != count or seen.intact != count:
            raise Inconclusive(
                f"Read {seen.cost.records} of {count} records, {seen.intact} intact."
            )
        return seen.cost

    def their_read(self, topic: str, count: int) -> Cost:
        """Reads with kafka-consumer-perf-test, without the time that it needs to join the group."""
        arguments = consumer_arguments(self._stack.endpoints.kafka, topic, count, f"{topic}-theirs")
        output, cpu_s = self._tool(CONSUMER, arguments)
        read = parse_consumer(output)
        return Cost(read.records, read.records / read.records_per_s, cpu_s)

    def our_pacing(self, topic: str, rate_per_s: int, seconds: int) -> Pacing:
        warm = self.topic()
        segments = (Segment(rate_per_s, rate_per_s * seconds),)
        load = self._load(topic, segments, SMALL, WarmUp(warm, 3.0, 20.0))
        self.drop(warm)
        due = all_intended_ns(load.news.start_ns, segments)
        late = summarise(load.attempts().sent_ns - due).p99_ms
        stamps = self._stamps(topic)
        return Pacing(pacing_error(stamps, rate_per_s), dispersion(stamps), late)

    def their_pacing(self, topic: str, rate_per_s: int, seconds: int) -> Pacing:
        self._tool(PRODUCER, self._producer(topic, rate_per_s, rate_per_s * seconds, SMALL[1]))
        stamps = self._stamps(topic)
        return Pacing(pacing_error(stamps, rate_per_s), dispersion(stamps))

    def _load(
        self,
        topic: str,
        segments: tuple[Segment, ...],
        sizes: tuple[int, int],
        warm_up: WarmUp | None,
    ) -> RunningLoad:
        order = LoadOrder(
            bootstrap=self._stack.endpoints.kafka.bootstrap,
            topic=topic,
            producer=self._stack.baseline.producer,
            segments=segments,
            seed=SEED,
            sizes=sizes,
            folder=str(self._folder / topic),
            warm_up=warm_up,
            disk_folder=str(self._folder),
            stop_free_disk=2 * 1000**3,
        )
        return run_load(order, PATIENCE)

    def _producer(self, topic: str, rate_per_s: int, count: int, size: int) -> list[str]:
        payloads = write_payload_file(
            payloads_of(SEED, size, size), self._folder / f"payloads-{size}"
        )
        producer: Mapping[str, str] = self._stack.baseline.producer
        kafka = self._stack.endpoints.kafka
        return producer_arguments(kafka, topic, rate_per_s, count, payloads, producer)

    def _tool(self, main: str, arguments: list[str]) -> tuple[str, float]:
        """Returns output and processor seconds (of children: only the tool ends)."""
        before = _children_s()
        output = self._stack.run_tool(main, arguments, PATIENCE)
        return output, _children_s() - before

    def _stamps(self, topic: str) -> NDArray[np.int64]:
        """Returns CreateTime in ms of every record. Raises Inconclusive for an unreadable topic."""
        reader = TopicReader(self._client, "kafka-validation-stamps", [topic], PATIENCE)
        stamps = [message.timestamp()[1] for batch in reader for message in batch]
        if not reader.complete:
            raise Inconclusive(f"Read only {len(stamps)} stamps.", seen=str(reader.unreadable))
        return np.array(stamps, np.int64)


UNLIMITED = -1
SMALL = (1_000, 1_000)


def _children_s() -> float:
    """Returns processor seconds of the children that have ended."""
    return sum(os.times()[2:4])
