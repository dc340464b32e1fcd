"""How every librdkafka client of the suite is set up, and whether one can be."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient

from support.errors import SettingsError

_SILENT = logging.getLogger("kafka-client")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def client_config(bootstrap: str, extra: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A librdkafka configuration that comes back quickly after an outage and logs nothing."""
    return {
        "bootstrap.servers": bootstrap,
        "broker.address.family": "v4",
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 500,
        "logger": _SILENT,
        "error_cb": _ignore,
        **(extra or {}),
    }


def _ignore(_error: object) -> None:
    """Lost connections are expected here; what matters shows in the records."""


def check_client_settings(producer: Mapping[str, str], consumer: Mapping[str, str]) -> None:
    """Raises SettingsError for settings that librdkafka refuses; needs no broker."""
    makers = (
        ("producer", Producer, producer),
        ("consumer", Consumer, {**consumer, "group.id": "kafka-validation-check"}),
    )
    for part, make, settings in makers:
        try:
            client = make(client_config("127.0.0.1:9", settings))
        except (KafkaException, TypeError, ValueError) as error:
            raise SettingsError(
                f"librdkafka refuses the {part}'s settings.",
                seen=str(error),
                cause=f"a line in baseline/{part}.properties or a -D {part}.KEY override",
            ) from error
        if isinstance(client, Consumer):
            client.close()


def topics_within(bootstrap: str, within: timedelta) -> frozenset[str] | None:
    """Names of all topics; None when there is no answer in time."""
    client = AdminClient(client_config(bootstrap))
    try:
        return frozenset(client.list_topics(timeout=within.total_seconds()).topics)
    except KafkaException:
        return None
