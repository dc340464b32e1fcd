"""at-least-once configuration: the settings in force without which nothing is promised (A-002).

Judged are the clients as they are used, every broker and the topics by their own word, and the
producer inside Kafka Connect, which carries the change data, with its connector and converters.
FAIL names each setting that gives the promise away, with what it loses: a red delivery result
comes with its cause. What these settings can't promise anyway is named as a residual risk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.checks.capture_in_force import Capture
from support.checks.configuration_broker import (
    broker_findings,
    not_told,
    topic_findings,
    topic_risks,
)
from support.checks.configuration_capture import (
    LONGEST_OUTAGE_MS,
    capture_doubts,
    capture_findings,
    capture_risks,
)
from support.checks.judged import not_measured, passed_if, some
from support.checks.topic_in_force import TopicInForce, Values
from support.results.schema import Check

NAME = "at-least-once configuration"
OBJECTIVE = (
    "acks=all, retries, replicas in sync, commit after processing, read from the beginning, "
    "no change dropped, kept for 7 days"
)


@dataclass(frozen=True)
class InForce:
    """Every setting that at-least-once delivery depends on. Clients in librdkafka's names."""

    producer: Mapping[str, str]
    consumer: Mapping[str, str]
    brokers: Mapping[int, Values]
    topics: Sequence[TopicInForce]
    capture: Capture
    commit_first: bool = False
    """The consumer commits before it has processed."""


def at_least_once_configuration(given: InForce) -> Check:
    """PASS, or FAIL with each setting that weakens the promise; INCONCLUSIVE with each one that
    may, and that nobody tells."""
    if not given.brokers or not given.topics:
        return not_measured(NAME, "settings", OBJECTIVE, "no broker, or no topic, was described")
    try:
        wrong, risks = list(dict.fromkeys(_findings(given))), list(dict.fromkeys(_risks(given)))
    except ValueError as error:
        return not_measured(NAME, "settings", OBJECTIVE, f"a value can't be read: {error}")
    unknown = [*not_told(given.brokers, given.topics), *capture_doubts(given.capture)]
    if unknown and not wrong:
        why = f"not told: {'; '.join(some(unknown))}"
        return not_measured(NAME, "settings", OBJECTIVE, why)
    return passed_if(not wrong, NAME, f"{len(wrong)} wrong", "settings", OBJECTIVE, wrong or risks)


def _findings(given: InForce) -> Iterator[str]:
    if given.commit_first:
        yield "consumer commits before it has processed: a crash loses what is between"
    yield from _producer(given.producer)
    yield from _consumer(given.consumer)
    yield from broker_findings(given.brokers)
    for topic in (each for each in given.topics if each.there):
        yield from topic_findings(topic)
    yield from capture_findings(given.capture)


def _risks(given: InForce) -> Iterator[str]:
    yield f"acks={given.producer.get('acks', 'all')}"
    yield f"{len(given.brokers)} broker(s), topics {', '.join(each.name for each in given.topics)}"
    for topic in given.topics:
        yield from topic_risks(topic)
    yield from capture_risks(given.capture)


def _producer(given: Mapping[str, str]) -> Iterator[str]:
    if given.get("acks", "all") not in ("all", "-1"):
        yield f"producer acks={given['acks']}: acknowledged before it is stored"
    for name in ("retries", "message.send.max.retries"):
        if given.get(name) == "0":
            yield f"producer {name}=0: a record is given up at the first error that would pass"
    for name in ("message.timeout.ms", "delivery.timeout.ms"):
        if 0 < int(given.get(name, "300000")) < LONGEST_OUTAGE_MS:
            yield f"producer {name}={given[name]}: gives up before a crashed broker is back"
    in_flight = given.get("max.in.flight.requests.per.connection", given.get("max.in.flight"))
    if not _yes(given.get("enable.idempotence", "false")) and in_flight != "1":
        yield (
            f"producer max.in.flight.requests.per.connection={in_flight or 'default'} without "
            "idempotence: a retry can overtake, so changes of a row can swap"
        )


def _consumer(given: Mapping[str, str]) -> Iterator[str]:
    if _yes(given.get("enable.auto.commit", "true")):
        yield "consumer enable.auto.commit=true: committed before it is processed"
    if given.get("auto.offset.reset", "latest") not in ("earliest", "smallest", "beginning"):
        yield "consumer auto.offset.reset is not earliest: a new group skips what is there"


def _yes(value: str) -> bool:
    """As librdkafka reads a boolean."""
    return value.lower() in ("true", "t", "1", "")
