"""Watches the topics of the captured tables, and records when each event first arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from threading import Event as Signal
from threading import Thread

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from support import clock
from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.read.damaged_batches import DAMAGED
from support.read.event_reader import to_event
from support.record.arrivals import Arrivals, Identified
from support.record.envelope import IllegalEvent
from support.record.events import Event

REQUEST_TIMEOUT_S = 10
STUCK_S = 5
"""Seconds after which a partition is stuck: the client has refused its batches for that long,
without delivering a record in between."""
SETTINGS = {
    "group.id": "kafka-validation-watch",
    "enable.auto.commit": "false",
    # If a crash truncates the log, start over rather than miss an event.
    "auto.offset.reset": "earliest",
    # Refuse a damaged batch rather than deliver records that can't be parsed.
    "check.crcs": "true",
}


class EventWatch:
    """Reads in a thread, without interruption, from its creation to close().

    `identify` returns the change that an event describes, or None if it describes none. Raises
    StackError when a topic's partitions can't be found.
    """

    def __init__(
        self,
        kafka: KafkaAddress,
        topics: Iterable[str],
        identify: Callable[[Event], Identified | None],
    ) -> None:
        self.arrivals = Arrivals()
        self._died = ""
        self._refused: dict[tuple[str, int], tuple[int, int, str]] = {}
        """(Topic, partition) -> when the client first and last refused a batch since the last
        record, and why. In an outage nothing is fetched, so a single refusal means nothing."""
        self.errors: Counter[str] = Counter()
        """Errors that the client reported, by name: lost connections in an outage, for example."""
        self._identify = identify
        self._consumer = Consumer(client_config(kafka, SETTINGS))
        try:
            self._first_ends = self._find_ends(topics)
        except BaseException:
            self._consumer.close()
            raise
        self._consumer.assign([TopicPartition(t, p, 0) for t, p in self._first_ends])
        self._done = Signal()
        self._thread = Thread(target=self._run, name="event-watch", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str:
        """Why the watch ended early, or which partitions are stuck; empty if neither.

        Later arrivals may be missing then.
        """
        stuck = [
            f"{topic}, partition {partition}: {reason}"
            for (topic, partition), (first_ns, last_ns, reason) in sorted(self._refused.items())
            if last_ns - first_ns > STUCK_S * clock.NS_PER_S
        ]
        why = f"the watch of arriving events is stuck: {'; '.join(stuck)}" if stuck else ""
        return self._died or why

    def close(self) -> None:
        """Ends the reading; may be called again."""
        if not self._done.is_set():
            self._done.set()
            self._thread.join(10)
            self._consumer.close()

    def _find_ends(self, topics: Iterable[str]) -> dict[tuple[str, int], int]:
        """Asks the broker for every partition of the topics, and for its end offset."""
        ends: dict[tuple[str, int], int] = {}
        for topic in topics:
            try:
                found = self._consumer.list_topics(topic, timeout=REQUEST_TIMEOUT_S).topics[topic]
                for id_ in found.partitions:
                    partition = TopicPartition(topic, id_)
                    _, end = self._consumer.get_watermark_offsets(partition, REQUEST_TIMEOUT_S)
                    ends[topic, id_] = end
            except KafkaException as error:
                raise StackError(
                    f"The partitions of {topic} can't be watched.",
                    seen=str(error.args[0].str()),
                ) from error
            if not found.partitions:
                raise StackError(f"The topic {topic} has no partition.", seen=str(found.error))
        return ends

    def _run(self) -> None:
        try:
            while not self._done.is_set():
                message = self._consumer.poll(0.1)
                if message is not None:
                    self._take(message, clock.now_ns())
        except Exception as error:  # noqa: BLE001 - kept in `trouble`, which the experiment reads
            self._died = f"the watch of arriving events ended: {type(error).__name__}: {error}"

    def _take(self, message: Message, now_ns: int) -> None:
        if message.error() is not None:
            self._take_error(message, now_ns)
            return
        partition = message.topic(), message.partition()
        self._refused.pop(partition, None)
        try:
            event = to_event(message, full_identity=False)
        except IllegalEvent:
            # The later reading of the whole log reports it.
            return
        change = self._identify(event)
        if change is not None:
            before = message.offset() < self._first_ends[partition]
            self.arrivals.note(event, change, None if before else now_ns)

    def _take_error(self, message: Message, now_ns: int) -> None:
        error = message.error()
        self.errors[error.name()] += 1
        if error.fatal():
            raise KafkaException(error)
        if error.name() in DAMAGED:
            partition = message.topic(), message.partition()
            first_ns = self._refused.get(partition, (now_ns,))[0]
            self._refused[partition] = first_ns, now_ns, f"{error.name()}: {error.str()}"
