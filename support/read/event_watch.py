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
from support.read.damaged_batches import DAMAGED
from support.read.event_reader import to_event
from support.record.arrivals import Arrivals, Identified
from support.record.envelope import IllegalEvent
from support.record.events import Event

ASK_S = 10
STUCK_S = 5
"""So long the client refuses a batch again and again, and gets no record of its partition."""
OWN = {
    "group.id": "kafka-validation-watch",
    "enable.auto.commit": "false",
    # A log that was cut after a crash: nothing may be left out then.
    "auto.offset.reset": "earliest",
    # A damaged batch is refused, and not taken for events that nobody understands.
    "check.crcs": "true",
}


class EventWatch:
    """Reads in a thread from its creation to close(), as a consumer would that is never away.

    `identify` tells the change that an event describes, None of one that describes none.
    """

    def __init__(
        self,
        bootstrap: str,
        topics: Iterable[str],
        identify: Callable[[Event], Identified | None],
    ) -> None:
        self.arrivals = Arrivals()
        self._died = ""
        self._refused: dict[tuple[str, int], tuple[int, int, str]] = {}
        """Place -> when the client first and last refused a batch since its last record, and why.
        A refusal that is not repeated ends nothing: in an outage nothing is fetched at all."""
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

    @property
    def trouble(self) -> str:
        """Why the watch ended early, or does not get on in a partition; empty while it does. What
        arrived after that is not known then."""
        stuck = [
            f"{topic}, partition {partition}: {told}"
            for (topic, partition), (first_ns, last_ns, told) in sorted(self._refused.items())
            if last_ns - first_ns > STUCK_S * clock.NS_PER_S
        ]
        why = f"the watch of arriving events does not get on: {'; '.join(stuck)}" if stuck else ""
        return self._died or why

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
            self._died = f"the watch of arriving events ended: {type(error).__name__}: {error}"

    def _take(self, message: Any, now_ns: int) -> None:
        error = message.error()
        if error is not None:
            self.errors[error.name()] += 1
            if error.fatal():
                raise KafkaException(error)
            if error.name() in DAMAGED:
                place = message.topic(), message.partition()
                first_ns = self._refused.get(place, (now_ns,))[0]
                self._refused[place] = first_ns, now_ns, f"{error.name()}: {error.str()}"
            return
        self._refused.pop((message.topic(), message.partition()), None)
        try:
            event = to_event(message, full_identity=False)
        except IllegalEvent:
            # Found and named by the reading of everything.
            return
        change = self._identify(event)
        if change is not None:
            before = message.offset() < self._there_before[message.topic(), message.partition()]
            self.arrivals.note(event, change, None if before else now_ns)
