"""Requests that only the KRaft controller can answer: topics created, settings changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from support.clients.broker import topic_setting
from support.clients.connection import client_config, metadata
from support.clients.kafka_address import KafkaAddress
from support.interruption import interruptible

CONNECT = timedelta(seconds=30)


class Administration:
    """A client that has connected, so that the time of a response does not include connecting.

    Each request needs a new one: while a request waits for the controller, the broker answers no
    other request on the same connection.
    """

    def __init__(self, kafka: KafkaAddress) -> None:
        """Raises KafkaException if the broker does not answer."""
        self._admin = AdminClient(client_config(kafka))
        metadata(self._admin, CONNECT)

    def create_topic(self, name: str, within: timedelta) -> str:
        """Returns the name of the error, or an empty string."""
        futures = self._admin.create_topics([NewTopic(name, 1, 1)], **_limits(within))
        return _error(futures[name], within)

    def set_partitions(self, topic: str, count: int, within: timedelta) -> str:
        """Returns the name of the error, or an empty string."""
        asked = [NewPartitions(topic, count)]
        return _error(self._admin.create_partitions(asked, **_limits(within))[topic], within)

    def set_config(self, topic: str, key: str, value: str, within: timedelta) -> str:
        """Returns the name of the error, or an empty string."""
        resource = topic_setting(topic, key, value)
        limit = within.total_seconds()
        futures = self._admin.incremental_alter_configs([resource], request_timeout=limit)
        return _error(futures[resource], within)


def _limits(within: timedelta) -> dict[str, float]:
    """Returns both timeouts: with request_timeout alone, librdkafka may never answer."""
    return {"operation_timeout": within.total_seconds(), "request_timeout": within.total_seconds()}


def _error(future: Any, within: timedelta) -> str:
    try:
        with interruptible():
            future.result(timeout=within.total_seconds() + 5)
    except KafkaException as error:
        return str(error.args[0].name())
    except TimeoutError:
        return "no answer"
    return ""
