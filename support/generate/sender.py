"""Sends the records of a load through a librdkafka producer, paced or as fast as possible."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event

from confluent_kafka import KafkaError, KafkaException, Producer

from support import clock
from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.generate.delivery_reports import DeliveryReports
from support.generate.outcomes import RETRY_BACKOFF_MS
from support.generate.payload import payloads
from support.generate.stats import ProducerStats
from support.metrics.summary import Stamps
from support.record.attempts import AttemptColumns, Outcome
from support.record.load import LoadOrder
from support.record.schedule import UNPACED

METADATA_TIMEOUT_S = 5.0

POLL_EVERY = 256
"""Records between two polls for delivery reports in a load as fast as possible."""

UNPACED_QUEUE = {"queue.buffering.max.kbytes": "65536"}
"""A queue that never runs empty in a load as fast as possible; a larger one only takes memory."""


class Sender:
    """Sends ranges of records and stores the time and the outcome of each.

    Sending ends early once `stop` is set. Raises KafkaException, TypeError or ValueError when
    librdkafka refuses the configuration.
    """

    def __init__(self, order: LoadOrder, stop: Event) -> None:
        self.buffer_full = 0
        """How often librdkafka's queue was full, so that a record had to wait."""
        self.errors: Counter[str] = Counter()
        """Errors that the client reported apart from delivery reports, by name."""
        self.paced = order.segments[0].rate_per_s != UNPACED
        self._first = order.first
        self._stop = stop
        self._payloads = payloads(order.seed, *order.sizes, order.sampled)
        self._retry_backoff_ms = int(order.producer.get("retry.backoff.ms", RETRY_BACKOFF_MS))
        self._producer = Producer(
            {
                **client_config(KafkaAddress(order.bootstrap, order.security), order.producer),
                **ProducerStats(Path(order.folder)).settings(),
                "error_cb": self._count_error,
                **({} if self.paced else UNPACED_QUEUE),
            }
        )

    def fetch_metadata(self, topic: str) -> None:
        """Asks for the topic's partitions before the clock starts.

        Otherwise the first record does, and all that are due in the next second wait for the
        answer (librdkafka 2.8). An error is ignored: the records will report it.
        """
        with suppress(KafkaException):
            self._producer.list_topics(topic, timeout=METADATA_TIMEOUT_S)

    def open_reports(self, folder: Path, count: int) -> DeliveryReports:
        """Creates the columns for `count` records in `folder`, to be filled by sending."""
        columns = AttemptColumns.create(folder, count)
        return DeliveryReports(columns, self._first, self._retry_backoff_ms)

    def send_paced(self, topic: str, reports: DeliveryReports, intended_ns: Stamps) -> None:
        """Sends each record at its intended time, or at once when it is late."""
        columns, due = reports.columns, memoryview(intended_ns.data)
        sent_ns, outcome, size = columns.sent_ns, columns.outcome, columns.size
        for position in range(len(due)):
            record = position + self._first
            key, value = self._payloads.key(record), self._payloads.value(record)
            size[position] = len(value)
            clock.sleep_until_ns(due[position])
            if self._stop.is_set():
                return
            outcome[position] = Outcome.PENDING
            sent_ns[position] = clock.now_ns()
            self._produce(topic, reports, position, key, value)

    def send_unpaced(self, topic: str, reports: DeliveryReports, count: int, start_ns: int) -> None:
        """Sends `count` records as fast as possible from `start_ns` on, serving reports as well."""
        columns, first, made = reports.columns, self._first, self._payloads
        clock.sleep_until_ns(start_ns)
        for position in range(count):
            if position % POLL_EVERY == 0:
                self._producer.poll(0)
                if self._stop.is_set():
                    return
            value = made.value(position + first)
            columns.size[position] = len(value)
            columns.outcome[position] = Outcome.PENDING
            columns.sent_ns[position] = clock.now_ns()
            self._produce(topic, reports, position, made.key(position + first), value)

    def serve_reports(self, finished: Event) -> None:
        """Serves delivery reports until `finished` is set; meant for a thread."""
        while not finished.is_set():
            self._producer.poll(0.05)

    def await_reports(self) -> None:
        """Waits until every record has its report: at the latest after message.timeout.ms."""
        while self._producer.flush(1.0) > 0:
            pass

    def _produce(
        self, topic: str, reports: DeliveryReports, position: int, key: bytes, value: bytes
    ) -> None:
        while True:
            try:
                self._producer.produce(topic, value, key, on_delivery=reports.store)
                return
            except BufferError:
                self.buffer_full += 1
                self._producer.poll(0.005)
            except KafkaException as error:
                reports.refuse(position, error.args[0])
                return

    def _count_error(self, error: KafkaError) -> None:
        """Must not raise: it is called from C."""
        self.errors[error.name()] += 1
