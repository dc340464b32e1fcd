"""Looks at what a stack may have in addition: a Kafka UI, metrics, and named containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from docker.errors import DockerException

from support.clients.broker_metrics import broker_metrics
from support.clients.kafka_ui import KafkaUi
from support.record.secrets import bare_url
from support.settings import Settings
from support.stack.attached.containers import SETTING, container_named
from support.stack.attached.stack import AttachedStack
from support.stack.docker.engine import connect_engine
from support.survey.attempt import EXPECTED, words_of
from support.survey.findings import ContainersFound, MetricsFound, Part, UiFound

KAFKA_UI, METRICS, CONTAINERS = "Kafka UI", "Metrics", "Containers"


def looks(stack: AttachedStack, settings: Settings) -> dict[str, Callable[[], Part[Any]]]:
    """Returns the name of each such part that the settings name -> the look at it."""
    found: dict[str, Callable[[], Part[Any]]] = {}
    if settings.kafka_ui:
        found[KAFKA_UI] = partial(look_at_kafka_ui, stack)
    if settings.kafka_metrics:
        found[METRICS] = partial(look_at_metrics, settings.kafka_metrics)
    named = {key: str(getattr(settings, key)) for key in SETTING.values()}
    named = {key: name for key, name in named.items() if name}
    if named:
        found[CONTAINERS] = partial(look_at_containers, named)
    return found


def look_at_kafka_ui(stack: AttachedStack) -> Part[UiFound]:
    """Returns the clusters that the Kafka UI of the settings shows, or why it can't be used."""
    address = stack.kafka_ui()
    place = str(getattr(address, "url", address))
    try:
        return Part(KAFKA_UI, place, UiFound(KafkaUi(address).clusters()))
    except EXPECTED as error:
        return Part(KAFKA_UI, place, trouble=words_of(error))


def look_at_metrics(url: str) -> Part[MetricsFound]:
    """Returns which metrics of the broker can be read at a URL, or why none can."""
    place = bare_url(url)
    try:
        metrics = broker_metrics(url)
        kind = "Jolokia" if metrics.jmx_url else "Prometheus"
        return Part(METRICS, place, MetricsFound(kind, metrics.unmeasured()))
    except EXPECTED as error:
        return Part(METRICS, place, trouble=words_of(error))


def look_at_containers(named: Mapping[str, str]) -> Part[ContainersFound]:
    """Returns the states of containers, or why one of them can't be used.

    `named`: setting -> name of the container.
    """
    place = ", ".join(named.values())
    try:
        engine = connect_engine()
        states = {key: str(container_named(engine, name).status) for key, name in named.items()}
        return Part(CONTAINERS, place, ContainersFound(states))
    except (*EXPECTED, DockerException) as error:
        return Part(CONTAINERS, place, trouble=words_of(error))
