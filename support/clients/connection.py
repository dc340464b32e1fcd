"""How the librdkafka clients of the suite are configured and called."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient

from support import clock
from support.clients.kafka_address import KafkaAddress
from support.errors import SettingsError
from support.interruption import check

_SILENT = logging.getLogger("kafka-client")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def client_config(kafka: KafkaAddress, extra: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A librdkafka configuration that reconnects quickly after an outage and logs nothing.

    A client that asks for a missing topic does not create it, also where the brokers permit that
    (auto.create.topics.enable=true).

    Nagle's algorithm is off, as it always is in Java's clients. On, it holds back the last part of
    a request until the broker has acknowledged the part before, which over TLS made 1000 records/s
    wait for 157 ms on average instead of 4 ms.
    """
    return {
        "bootstrap.servers": kafka.bootstrap,
        "broker.address.family": "v4",
        "allow.auto.create.topics": "false",
        "socket.nagle.disable": "true",
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 500,
        "logger": _SILENT,
        "error_cb": _ignore,
        **kafka.security,
        **(extra or {}),
    }


def reader_config(kafka: KafkaAddress, group: str) -> dict[str, Any]:
    """The configuration of a reader that decides what is in the log.

    It does not depend on the settings under test: it checks every batch, commits nothing, and
    starts only at the offsets that it is given.
    """
    return client_config(
        kafka,
        {
            "group.id": group,
            "enable.auto.commit": "false",
            "auto.offset.reset": "error",
            "check.crcs": "true",
            "enable.partition.eof": "true",
            "fetch.queue.backoff.ms": "5",
        },
    )


def _ignore(_error: object) -> None:
    """Lost connections are expected; what matters is in the records."""


def check_client_settings(producer: Mapping[str, str], consumer: Mapping[str, str]) -> None:
    """Raises SettingsError if librdkafka refuses the settings. Needs no broker."""
    makers = (
        ("producer", Producer, producer),
        ("consumer", Consumer, {**consumer, "group.id": "kafka-validation-check"}),
    )
    for part, make, settings in makers:
        try:
            client = make(client_config(KafkaAddress("127.0.0.1:9"), settings))
        except (KafkaException, TypeError, ValueError) as error:
            raise SettingsError(
                f"librdkafka refuses the {part}'s settings.",
                seen=str(error),
                cause=f"a line in baseline/{part}.properties or a -D {part}.KEY override",
            ) from error
        if isinstance(client, Consumer):
            client.close()


SLICE_S = 1.0
"""The longest call into librdkafka: it can't be interrupted, so an interruption is noticed between
two calls."""

NO_ANSWER = ("_TRANSPORT", "_TIMED_OUT", "_ALL_BROKERS_DOWN")


def slices(within: timedelta) -> Iterator[float]:
    """The durations, in seconds, of calls that last `within` together. Interruptible."""
    deadline = clock.now_ns() + int(within.total_seconds() * clock.NS_PER_S)
    while (left := (deadline - clock.now_ns()) / clock.NS_PER_S) > 0:
        check()
        yield min(SLICE_S, left)
    check()


def metadata(client: Any, within: timedelta, topic: str | None = None) -> Any:
    """The metadata of the cluster. Raises KafkaException if no broker answers in time."""
    missing = KafkaException(KafkaError(KafkaError._TRANSPORT))
    for seconds in slices(within):
        try:
            return client.list_topics(topic, timeout=seconds)
        except KafkaException as error:
            if error.args[0].name() not in NO_ANSWER:
                raise
            missing = error
    raise missing


def flushed(producer: Producer, within: timedelta) -> bool:
    """Flushes the producer. Returns whether every record got its delivery report in time."""
    return any(producer.flush(seconds) == 0 for seconds in slices(within))


def polled(consumer: Consumer, within: timedelta) -> Any:
    """Polls for the next record or error; None if none came in time."""
    return next((m for s in slices(within) if (m := consumer.poll(s)) is not None), None)


def topics_within(kafka: KafkaAddress, within: timedelta) -> frozenset[str] | None:
    """The names of all topics; None if there is no answer in time."""
    client = AdminClient(client_config(kafka))
    try:
        return frozenset(metadata(client, within).topics)
    except KafkaException:
        return None
