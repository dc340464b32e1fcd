"""Sends events of growing size directly to the broker, and finds what refuses each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import md5

from support.checks.sizes import STORED
from support.clients.broker import ConfigValue
from support.clients.one_record import outcome_of_one_record
from support.errors import Inconclusive, Unavailable
from support.experiment.experiment import Experiment
from support.experiment.needs_of_team import NO_TOPIC
from support.experiment.readable_config import readable_config
from support.experiment.team import team_of, topics_to_judge
from support.generate.large_events import BATCH_BYTES, LIBRDKAFKA_BYTES, large_envelope
from support.read.topic_reader import TopicReader
from support.record.capture_in_force import HIDDEN, Capture
from support.record.notes import NOTES
from support.record.sizes import EVENT_SIZES, SIZE_LIMITS, SizeLimits, SizesRecord
from support.results.sizes import SizeOutcome

KB, MB = 1 << 10, 1 << 20
LIMIT, REQUEST_SIZE = "max.message.bytes", "max.request.size"
LOWERED, RAISED = 600_000, 4 * MB
ANY_SIZE = {"message.max.bytes": "10000000"}
SMALL_FETCHES = {
    "fetch.message.max.bytes": str(64 * KB),
    "fetch.max.bytes": str(64 * KB),
    "message.max.bytes": str(64 * KB),
}
"""A consumer's settings. Kafka returns the first batch even if it is larger."""
REMEDY = (
    "Remedy: keep message.max.bytes of the producers at or below max.message.bytes of the topics, "
    "raise both together, and alert on MSG_SIZE_TOO_LARGE.",
)
PATIENCE = timedelta(seconds=30)


class EventSizes:
    """Sends events one by one, and reads back those that were stored."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._topics: list[str] = []
        self._sent: dict[str, str] = {}
        """MD5 of a stored value -> its path and size."""
        self._outcomes: list[SizeOutcome] = []

    def record_limits(self) -> None:
        """Records the size limits in force on the path from the database to the consumer.

        On a stack of others, raises Unavailable if no captured table has rows, and Inconclusive
        if none of the topics exists.
        """
        stack = self._experiment.stack
        if stack.shared:
            limits = self._limits_of_team()
        else:
            settings = {**stack.baseline.worker, **stack.baseline.connector}
            limits = self._limits_of(stack.baseline.cdc_topics[0], _of_producer(settings))
            limits = replace(limits, name="")
        self._experiment.record.write(SIZE_LIMITS, limits)

    def _limits_of_team(self) -> SizeLimits:
        """Returns the limits of the team's topic whose producer may send the most too much.

        If none sends too much, those of a topic that may not be described, if there is one.
        """
        stack, existing = self._experiment.stack, self._experiment.broker.topics()
        team = team_of(stack)
        topics = topics_to_judge(stack, team, existing)
        if not topics:
            raise Unavailable(NO_TOPIC)
        theirs = {each.topic: each.connector.config for each in team.tables}
        worker = stack.baseline.worker
        found = [
            self._limits_of(topic, *_request_size(Capture(theirs[topic], worker or None)))
            for topic in topics
            if topic in existing
        ]
        if not found:
            what = "No topic of the team's connectors exists, or may be described."
            raise Inconclusive(what, wanted=", ".join(topics[:5]))
        known = [each for each in found if each.known]
        worst = max(known, key=lambda each: each.surplus, default=found[0])
        unknown = [each for each in found if each not in known]
        return worst if worst.surplus > 0 or not unknown else unknown[0]

    def _limits_of(
        self,
        topic: str,
        connect: Mapping[str, str],
        connect_known: bool = True,
    ) -> SizeLimits:
        """Returns the limits of a topic, with the settings of Connect's producer that fills it."""
        baseline = self._experiment.stack.baseline
        reported = readable_config(self._experiment.broker, topic)
        in_force = {name: entry.value for name, entry in reported.items()}
        return SizeLimits(
            baseline.producer, in_force, connect, baseline.consumer, topic, connect_known
        )

    def send_around_every_limit(self) -> None:
        """Sends small events, then events just below, at and just above each limit on the path."""
        baseline, client = self._experiment.stack.baseline, self._experiment.broker
        own = self._topic("sizes", {})
        stored = _largest_batch(client.topic_config(own)) - BATCH_BYTES
        sent = int(baseline.producer.get("message.max.bytes", "1000000")) - LIBRDKAFKA_BYTES
        for size in (64 * KB, 512 * KB, sent - 1, sent, sent + 1):
            limit = min(sent, stored)
            self._send("producer", own, size, "producer message.max.bytes", size <= limit)
        for size in (stored - 1, stored, stored + 1):
            self._send("broker", own, size, "topic max.message.bytes", size <= stored, ANY_SIZE)
        low = self._topic("lowered", {"max.message.bytes": str(LOWERED)})
        for size in (LOWERED - BATCH_BYTES, LOWERED - BATCH_BYTES + 1):
            fits = size <= LOWERED - BATCH_BYTES
            self._send("lowered topic", low, size, "topic max.message.bytes", fits, ANY_SIZE)
        high = self._topic("raised", {"max.message.bytes": str(RAISED)})
        above = "topic max.message.bytes, above the broker's message.max.bytes"
        self._send("raised topic", high, 2 * MB, above, True, ANY_SIZE)
        packed = {**ANY_SIZE, "compression.type": "gzip"}
        after = "topic max.message.bytes, after compression"
        self._send("compressed, repetitive", own, 3 * MB, after, True, packed)
        self._settle()

    def _topic(self, purpose: str, settings: Mapping[str, str]) -> str:
        name = f"{self._experiment.name}-{purpose}"
        self._experiment.add_topic(name, {**self._experiment.stack.baseline.topic, **settings})
        self._topics.append(name)
        return name

    def _send(
        self,
        path: str,
        topic: str,
        size: int,
        limit: str,
        fits: bool,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        stack = self._experiment.stack
        baseline, kafka = stack.baseline, stack.endpoints.kafka
        value = large_envelope(size, size, repetitive=path.startswith("compressed"))
        producer = {**baseline.producer, **(settings or {})}
        sent = outcome_of_one_record(kafka, topic, value, producer, PATIENCE)
        outcome = f"{sent.error} by {'the broker' if sent.sent else 'the producer'}"
        if not sent.error:
            outcome = STORED
            self._sent[md5(value).hexdigest()] = f"{path}, {size:,} bytes"
        self._outcomes.append(SizeOutcome(path, size, outcome, limit, fits))

    def _settle(self) -> None:
        """Reads everything with the baseline's consumer, then with small fetches; records both."""
        consumer = self._experiment.stack.baseline.consumer
        missing = []
        for what, settings in (("consumer", {}), ("consumer with small fetches", SMALL_FETCHES)):
            reader = TopicReader(
                self._experiment.broker,
                self._experiment.group("sizes"),
                self._topics,
                self._experiment.patience(30),
                consumer={**consumer, **settings},
            )
            seen = {md5(message.value()).hexdigest() for batch in reader for message in batch}
            if what == "consumer" and not reader.complete:
                raise Inconclusive(
                    "The events were not read to the end.", seen=str(reader.unreadable)
                )
            missing += [
                f"{name}: not read back whole by a {what}"
                for digest, name in self._sent.items()
                if digest not in seen
            ]
        result = SizesRecord(tuple(self._outcomes), tuple(missing))
        self._experiment.record.write(EVENT_SIZES, result)
        self._experiment.record.write(NOTES, REMEDY)


def _of_producer(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the settings of Connect's producer; the connector's replace the worker's."""
    parts = settings.items()
    found = {k.rpartition("producer.")[2]: v for k, v in parts if "producer." in k}
    return {key.removeprefix("override."): value for key, value in found.items()}


def _request_size(capture: Capture) -> tuple[Mapping[str, str], bool]:
    """Returns max.request.size of Connect's producer where it is set, and whether it is known."""
    value, _ = capture.producer().get(REQUEST_SIZE, (None, ""))
    if value is None:
        return {}, capture.worker is not None
    return ({}, False) if HIDDEN in value else ({REQUEST_SIZE: value}, True)


def _largest_batch(topic: Mapping[str, ConfigValue]) -> int:
    """The topic's limit in bytes. Raises Inconclusive if the broker does not report it."""
    entry = topic.get(LIMIT)
    if entry is None or entry.value is None:
        raise Inconclusive("The broker does not report max.message.bytes of a topic.")
    return int(entry.value)
