"""at-least-once configuration: the settings in force without which nothing is promised (A-002).

Of the clients as they are used, of the broker and the topic by the broker's own word. FAIL names
each setting that gives the promise away, with its consequence: a red delivery result comes with
its cause. What a single broker cannot promise anyway is named as a residual risk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.checks.judged import passed_if
from support.results.schema import Check

NAME = "at-least-once configuration"

SEVEN_DAYS_MS = 604_800_000
LONGEST_OUTAGE_MS = 30_000
"""A producer that gives up sooner does not outlive the restart of a crashed broker."""

Values = Mapping[str, str | None]


def at_least_once_configuration(
    producer: Mapping[str, str],
    consumer: Mapping[str, str],
    broker: Values,
    topic: Values,
    commit_first: bool = False,
) -> Check:
    """Clients in librdkafka's names; broker and topic as Kafka describes them.

    `commit_first`: the consumer commits before it has processed.
    """
    careless = ["consumer commits before it has processed: a crash loses what is between"]
    wrong = [
        *(careless if commit_first else []),
        *_producer(producer),
        *_consumer(consumer),
        *_broker(broker),
        *_topic(topic),
    ]
    told = (f"acks={producer.get('acks', 'all')}", *_residual(topic))
    return passed_if(
        not wrong,
        NAME,
        f"{len(wrong)} wrong",
        "settings",
        "acks=all, retries, commit after processing, read from the beginning, kept for 7 days",
        wrong or told,
    )


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
    if given.get("enable.idempotence", "false") != "true" and in_flight != "1":
        yield (
            f"producer max.in.flight.requests.per.connection={in_flight or 'default'} without "
            "idempotence: a retry can overtake, so changes of a row can swap"
        )


def _consumer(given: Mapping[str, str]) -> Iterator[str]:
    if given.get("enable.auto.commit", "true") != "false":
        yield "consumer enable.auto.commit=true: committed before it is processed"
    if given.get("auto.offset.reset", "latest") not in ("earliest", "smallest", "beginning"):
        yield "consumer auto.offset.reset is not earliest: a new group skips what is there"


def _broker(in_force: Values) -> Iterator[str]:
    if in_force.get("unclean.leader.election.enable") == "true":
        yield "broker unclean.leader.election.enable=true: a replica that lags may become leader"
    minutes = in_force.get("offsets.retention.minutes")
    if minutes is not None and int(minutes) * 60_000 < SEVEN_DAYS_MS:
        yield (
            f"broker offsets.retention.minutes={minutes}: a group that is away for longer forgets "
            "where it was, before its records are gone"
        )


def _topic(in_force: Values) -> Iterator[str]:
    retention = in_force.get("retention.ms")
    if retention is not None and -1 < int(retention) < SEVEN_DAYS_MS:
        yield f"topic retention.ms={retention}: a consumer away for longer than that loses records"
    if in_force.get("unclean.leader.election.enable") == "true":
        yield "topic unclean.leader.election.enable=true: a replica that lags may become leader"
    if in_force.get("cleanup.policy", "delete") not in ("delete", None):
        yield (
            f"topic cleanup.policy={in_force['cleanup.policy']}: earlier changes of a row are "
            "removed, and a consumer that is behind never sees them"
        )


def _residual(topic: Values) -> Iterator[str]:
    """What stays, although nothing is set wrongly."""
    if topic.get("min.insync.replicas") == "1":
        yield "residual risk: one replica (min.insync.replicas=1), so a lost disk loses records"
    flush = topic.get("flush.messages")
    if flush is not None and int(flush) > 1:
        yield (
            "residual risk: the log is flushed by the operating system (flush.messages is off), so "
            "a power cut can lose what was acknowledged last; a crash of the broker can't"
        )
    size = topic.get("retention.bytes")
    if size not in (None, "-1"):
        yield f"residual risk: retention.bytes={size} a partition may end before 7 days do"
