"""Watches the topics of the captured tables, and notes when each event first arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from threading import Event as Signal
from threading import Thread
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from support import clock
from support.clients.connection import client_config
from support.errors import StackError
from support.ledger.arrivals import Arrivals, Identified
from support.ledger.envelope import IllegalEvent
from support.ledger.events import Event
from support.load.event_reader import to_event

ASK_S = 10
OWN = {
    "group.id": "kafka-validation-watch",
    "enable.auto.commit": "false",
    # A log that was cut after a crash: nothing may be left out then.
    "auto.offset.reset": "earliest",
}


class EventWatch:
    """Reads in a thread from its creation to close(), as a consumer would that is never away.

    `identify` tells the change that an event describes, None of one that describes none. `trouble`
    says why the watch ended early; what arrived after that is not known then.
    """

    def __init__(
        self,
        bootstrap: str,
        topics: Iterable[str],
        identify: Callable[[Event], Identified | None],
    ) -> None:
        self.arrivals = Arrivals()
        self.trouble = ""
        self.errors: Counter[str] = Counter()
        """What the client reported meanwhile, as a lost connection in an outage."""
        self._identify = identify
        self._consumer = Consumer(client_config(bootstrap, OWN))
        try:
            self._there_before = self._find_ends(topics)
        except BaseException:
            self._consumer.close()
            raise
        self._consumer.assign([TopicPartition(t, p, 0) for t, p in self._there_before])
        self._done = Signal()
        self._thread = Thread(target=self._run, name="event-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the reading; may be called again."""
        if not self._done.is_set():
            self._done.set()
            self._thread.join(10)
            self._consumer.close()

    def _find_ends(self, topics: Iterable[str]) -> dict[tuple[str, int], int]:
        """Every partition that the broker has, whatever was asked for, and where it ends now."""
        ends: dict[tuple[str, int], int] = {}
        for topic in topics:
            try:
                described = self._consumer.list_topics(topic, timeout=ASK_S).topics[topic]
                for partition in described.partitions:
                    place = TopicPartition(topic, partition)
                    ends[topic, partition] = self._consumer.get_watermark_offsets(place, ASK_S)[1]
            except KafkaException as error:
                raise StackError(
                    f"The partitions of {topic} can't be watched.",
                    seen=str(error.args[0].str()),
                ) from error
            if not described.partitions:
                raise StackError(f"The topic {topic} has no partition.", seen=str(described.error))
        return ends

    def _run(self) -> None:
        try:
            while not self._done.is_set():
                message = self._consumer.poll(0.1)
                if message is not None:
                    self._take(message, clock.now_ns())
        except Exception as error:  # noqa: BLE001 - kept, and asked for by the trial
            self.trouble = f"the watch of arriving events ended: {type(error).__name__}: {error}"

    def _take(self, message: Any, now_ns: int) -> None:
        error = message.error()
        if error is not None:
            self.errors[error.name()] += 1
            if error.fatal():
                raise KafkaException(error)
            return
        try:
            event = to_event(message, full_identity=False)
        except IllegalEvent:
            # Found and named by the reading of everything.
            return
        change = self._identify(event)
        if change is not None:
            before = message.offset() < self._there_before[message.topic(), message.partition()]
            self.arrivals.note(event, change, None if before else now_ns)
