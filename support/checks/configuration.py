"""at-least-once configuration: the settings in force allow at-least-once delivery (A-002).

Judges the settings of the producer and the consumer, those that every broker and topic reports, and
those of Kafka Connect: the producer that carries the change data, the connector and its converters.
FAIL names each setting that breaks at-least-once delivery and what it loses, so that a red delivery
result comes with its cause. Risks that remain with correct settings are named as residual risks.
INCONCLUSIVE when a setting that decides is not known.

On a stack that others run, these are all connectors and topics of the team. The settings of their
worker are judged only if they are given in a file: a worker does not report them. The check "worker
configuration" says whether they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from support.checks.configuration_broker import (
    broker_findings,
    not_reported,
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
from support.record.capture_in_force import Capture
from support.record.in_force import InForce
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT = "at-least-once configuration", "wrong settings"
OBJECTIVE = (
    "acks=all, retries, replicas in sync, commits after processing, reading from the beginning, "
    "no change dropped, records kept for 7 days"
)


def at_least_once_configuration(given: InForce) -> Check:
    """Returns PASS, FAIL with each wrong setting, or INCONCLUSIVE with each unknown one."""
    if not given.brokers or not given.topics:
        why = "no broker, or no topic, reported its settings"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    try:
        wrong, risks = list(dict.fromkeys(_findings(given))), list(dict.fromkeys(_risks(given)))
    except ValueError as error:
        return not_measured(NAME, UNIT, OBJECTIVE, f"a value can't be read: {error}")
    unknown = [*not_reported(given.brokers, given.topics), *_of_captures(given, capture_doubts)]
    unknown += given.not_known
    if unknown and not wrong:
        why = f"not known: {'; '.join(some(unknown))}"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    count, limit = len(wrong), exactly(0, UNIT)
    return passed_if(not wrong, NAME, count, UNIT, OBJECTIVE, wrong or risks, limit)


def _findings(given: InForce) -> Iterator[str]:
    if given.commit_first:
        yield "consumer commits before it processes: a crash loses the records in between"
    yield from _producer(given.producer)
    yield from _consumer(given.consumer)
    yield from broker_findings(given.brokers)
    yield from topic_findings([each for each in given.topics if each.exists])
    yield from _of_captures(given, capture_findings)


def _risks(given: InForce) -> Iterator[str]:
    yield f"acks={given.producer.get('acks', 'all')}"
    brokers = counted(len(given.brokers), "brokers")
    yield f"{brokers}, topics {', '.join(some([each.name for each in given.topics]))}"
    for topic in given.topics:
        yield from topic_risks(topic)
    yield from _of_captures(given, capture_risks)


def _of_captures(given: InForce, of: Callable[[Capture], Iterator[str]]) -> Iterator[str]:
    """Yields what `of` yields for each connector; those of the team with their names."""
    for name, capture in given.captures().items():
        yield from (f"{name}: {each}" if name else each for each in of(capture))


def _producer(given: Mapping[str, str]) -> Iterator[str]:
    if given.get("acks", "all") not in ("all", "-1"):
        yield f"producer acks={given['acks']}: it does not wait for all in-sync replicas"
    for name in ("retries", "message.send.max.retries"):
        if given.get(name) == "0":
            yield f"producer {name}=0: the first transient error loses a record"
    for name in ("message.timeout.ms", "delivery.timeout.ms"):
        if 0 < int(given.get(name, "300000")) < LONGEST_OUTAGE_MS:
            yield f"producer {name}={given[name]}: it gives up before a crashed broker is back"
    in_flight = given.get("max.in.flight.requests.per.connection", given.get("max.in.flight"))
    if not _yes(given.get("enable.idempotence", "false")) and in_flight != "1":
        yield (
            f"producer max.in.flight.requests.per.connection={in_flight or 'default'} without "
            "idempotence: a retry can be overtaken, so changes of a row can be reordered"
        )


def _consumer(given: Mapping[str, str]) -> Iterator[str]:
    if _yes(given.get("enable.auto.commit", "true")):
        yield "consumer enable.auto.commit=true: offsets are committed before processing"
    if given.get("auto.offset.reset", "latest") not in ("earliest", "smallest", "beginning"):
        yield "consumer auto.offset.reset is not earliest: a new group skips existing records"


def _yes(value: str) -> bool:
    """Whether librdkafka reads a boolean setting as true."""
    return value.lower() in ("true", "t", "1", "")
