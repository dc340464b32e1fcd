"""Looks at Kafka: brokers, settings, permissions. Creates and changes nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from confluent_kafka.admin import ResourceType

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.first_contact import first_contact
from support.clients.kafka_address import KafkaAddress
from support.clients.permissions import Acls, Broker, Permissions
from support.stack.attached.broker_inspection import readable
from support.stack.attached.kafka_version import kafka_version
from support.stack.capture import own_topics
from support.stack.internal_topics import OFFSETS, unmakeable
from support.stack.leftovers import OWNED
from support.survey.attempt import EXPECTED, at_once, attempt, unreachable, words_of
from support.survey.findings import KafkaFound, Part, TopicAccess

NAME = "Kafka"
MOST_TOPICS = 2000
"""Permissions on more topics than these are not asked for."""
EVERY_BROKER = timedelta(seconds=5)


def look_at_kafka(kafka: KafkaAddress, baseline: Baseline) -> Part[KafkaFound]:
    """Returns what a cluster is and permits, or why it can't be used."""
    address = str(kafka)
    try:
        first_contact(kafka)
        return Part(NAME, address, _found(kafka, BrokerClient(kafka), baseline))
    except EXPECTED as error:
        return Part(NAME, address, trouble=_with_places(words_of(error), kafka))


def _with_places(trouble: str, kafka: KafkaAddress) -> str:
    """Adds which of the bootstrap servers can't even be connected to."""
    closed = _closed({f"{host}:{port}": (host, port) for host, port in kafka.servers})
    return "\n".join([trouble, *(f"  {place}: {why}" for place, why in closed.items())])


def _found(kafka: KafkaAddress, client: BrokerClient, baseline: Baseline) -> KafkaFound:
    permissions = Permissions(kafka)
    cluster, topics = permissions.cluster(), client.topics()
    seen, settings_trouble = attempt(partial(readable, client))
    settings = seen or {}
    version, _ = attempt(partial(kafka_version, client, settings))
    problem = unmakeable(settings, len(cluster.brokers), topics, {})
    absent, _ = attempt(client.absent_brokers)
    return KafkaFound(
        security=security_of(kafka.security),
        version=version or "",
        brokers=cluster.brokers,
        topics=topics,
        unreachable=_unreachable(kafka, cluster.brokers),
        settings={key: each.value for key, each in settings.items()},
        settings_trouble=settings_trouble,
        operations=cluster.operations,
        creation=_creation(permissions, baseline.topic),
        own_topics=_own(permissions, f"{OWNED}-check"),
        own_groups=_groups(permissions, topics),
        their_topics=_theirs(permissions, topics),
        absent=absent or (),
        principal=principal_of(kafka.security),
        internal_trouble=str(problem or ""),
    )


def security_of(security: Mapping[str, str]) -> str:
    """Returns the protocol and the mechanism, in words."""
    protocol = security.get("security.protocol", "PLAINTEXT").upper()
    mechanism = security.get("sasl.mechanism", security.get("sasl.mechanisms", ""))
    parts = [protocol, mechanism if protocol.startswith("SASL") else ""]
    return ", ".join(each for each in parts if each)


def principal_of(security: Mapping[str, str]) -> str:
    """Returns the name of this client in access control lists; empty if it can't be known here."""
    user = security.get("sasl.username", "")
    return f"User:{user}" if user else ""


def _unreachable(kafka: KafkaAddress, brokers: tuple[Broker, ...]) -> dict[str, str]:
    advertised = {str(each): (each.host, each.port) for each in brokers}
    known = set(advertised.values())
    servers = {
        f"{host}:{port}": (host, port) for host, port in kafka.servers if (host, port) not in known
    }
    return _closed({**advertised, **servers})


def _closed(places: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """Returns place -> why no connection can be made from here, for those where none can."""
    looks = [partial(unreachable, host, port) for host, port in places.values()]
    reasons = at_once(looks, EVERY_BROKER)
    named = zip(places, reasons, strict=True)
    return {
        name: "no answer" if reason is None else reason for name, reason in named if reason != ""
    }


def _creation(permissions: Permissions, topic: Mapping[str, str]) -> dict[str, str]:
    """Asks Kafka to validate the creation of topics as a run creates them."""
    name = f"{OWNED}-check-{os.getpid()}"
    found = {}
    for each in (name, own_topics(name)[0]):
        refused, trouble = attempt(partial(permissions.creation, each, topic))
        found[each] = refused or trouble
    return found


def _own(permissions: Permissions, name: str) -> TopicAccess:
    """Topics that do not exist yet have no operations to report: only their lists are read."""
    return TopicAccess(name, acls=_acls(permissions, ResourceType.TOPIC, name))


def _acls(permissions: Permissions, kind: ResourceType, name: str) -> Acls:
    found, trouble = attempt(partial(permissions.acls, kind, name))
    return found or Acls(trouble=trouble)


def _groups(permissions: Permissions, topics: frozenset[str]) -> TopicAccess:
    name = f"{OWNED}-check"
    acls = _acls(permissions, ResourceType.GROUP, name)
    if OFFSETS not in topics:
        # The question would make the cluster create that topic.
        return TopicAccess(name, acls=acls)
    found, trouble = attempt(partial(permissions.of_group, name))
    if isinstance(found, str):
        return TopicAccess(name, None, found, acls)
    return TopicAccess(name, found, trouble, acls)


def _theirs(permissions: Permissions, topics: frozenset[str]) -> tuple[TopicAccess, ...]:
    names = sorted(each for each in topics if not each.startswith("__consumer_offsets"))
    found, _ = attempt(partial(permissions.of_topics, names[:MOST_TOPICS]))
    return tuple(
        TopicAccess(name, None, seen) if isinstance(seen, str) else TopicAccess(name, seen)
        for name, seen in (found or {}).items()
    )
