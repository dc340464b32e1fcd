"""Very large events, sent directly: where each size is stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import md5

from support.checks.sizes import STORED, size_limits, sizes
from support.clients.one_record import outcome_of_one_record
from support.errors import Inconclusive
from support.experiment.experiment import Trial
from support.generate.large_events import BATCH_BYTES, LIBRDKAFKA_BYTES, large_envelope
from support.read.topic_reader import TopicReader
from support.results.measurements import SizeOutcome

KB, MB = 1 << 10, 1 << 20
LOWERED, RAISED = 600_000, 4 * MB
ANY_SIZE = {"message.max.bytes": "10000000"}
SMALL_FETCHES = {
    "fetch.message.max.bytes": str(64 * KB),
    "fetch.max.bytes": str(64 * KB),
    "message.max.bytes": str(64 * KB),
}
"""Of a consumer: Kafka hands out a first batch that is larger all the same."""
NOTES = (
    "Remedy: keep message.max.bytes of the producers at or below max.message.bytes of the topics, "
    "raise both together, and alert on MSG_SIZE_TOO_LARGE.",
)
PATIENCE = timedelta(seconds=30)


class SizeTrial:
    """Sends one event after the other, and reads back what was stored."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._topics: list[str] = []
        self._sent: dict[str, str] = {}
        """Digest of a stored value -> what it is."""
        self._outcomes: list[SizeOutcome] = []

    def judge_limits(self) -> None:
        """Whether the limits in force fit each other."""
        baseline, client = self._trial.stack.baseline, self._trial.broker
        topic = client.topic_config(baseline.cdc_topics[0])
        parts = ({**baseline.worker, **baseline.connector}).items()
        connect = {k.rpartition("producer.")[2]: v for k, v in parts if "producer." in k}
        connect = {key.removeprefix("override."): value for key, value in connect.items()}
        in_force = {name: entry.value for name, entry in topic.items()}
        self._trial.judge(size_limits(baseline.producer, in_force, connect, baseline.consumer))

    def send_around_every_limit(self) -> None:
        """A few sizes below, then just under, at and just over each limit on the path."""
        baseline, client = self._trial.stack.baseline, self._trial.broker
        own = self._topic("sizes", {})
        stored = int(client.topic_config(own)["max.message.bytes"].value or 0) - BATCH_BYTES
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
        name = f"{self._trial.name}-{purpose}"
        self._trial.add_topic(name, {**self._trial.stack.baseline.topic, **settings})
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
        baseline, bootstrap = self._trial.stack.baseline, self._trial.stack.endpoints.bootstrap
        value = large_envelope(size, size, repetitive=path.startswith("compressed"))
        producer = {**baseline.producer, **(settings or {})}
        fate = outcome_of_one_record(bootstrap, topic, value, producer, PATIENCE)
        outcome = f"{fate.error} by {'the broker' if fate.sent else 'the producer'}"
        if not fate.error:
            outcome = STORED
            self._sent[md5(value).hexdigest()] = f"{path}, {size:,} bytes"
        self._outcomes.append(SizeOutcome(path, size, outcome, limit, fits))

    def _settle(self) -> None:
        """Read everything twice: as the baseline's consumer, and with small fetches."""
        consumer = self._trial.stack.baseline.consumer
        missing = []
        for what, settings in (("consumer", {}), ("consumer with small fetches", SMALL_FETCHES)):
            reader = TopicReader(
                self._trial.broker,
                self._trial.group("sizes"),
                self._topics,
                self._trial.patience(30),
                consumer={**consumer, **settings},
            )
            seen = {md5(message.value()).hexdigest() for batch in reader for message in batch}
            if what == "consumer" and not reader.complete:
                raise Inconclusive(
                    "The events were not read to their end.", seen=str(reader.unreadable)
                )
            missing += [
                f"{name}: not read back whole by a {what}"
                for digest, name in self._sent.items()
                if digest not in seen
            ]
        self._trial.judge(sizes(self._outcomes, missing))
        self._trial.facts |= {"sizes": tuple(self._outcomes), "notes": NOTES}
