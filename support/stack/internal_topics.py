"""Checks whether Kafka and Kafka Connect can create their internal topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.clients.broker import BrokerClient, ConfigValue
from support.errors import SettingsError

OFFSETS = "__consumer_offsets"
OFFSETS_FACTOR = "offsets.topic.replication.factor"
OF_CONNECT = ("config", "offset", "status")


def check_internal_topics(client: BrokerClient, worker: Mapping[str, str]) -> None:
    """Raises SettingsError if a missing topic needs more replicas than there are brokers.

    Kafka creates the offsets topic when a group first needs it, and reports nothing if it can't: a
    consumer waits for its partitions for ever. `worker`: Kafka Connect's settings.
    """
    problem = unmakeable(client.broker_config(), len(client.brokers()), client.topics(), worker)
    if problem is not None:
        raise problem


def unmakeable(
    in_force: Mapping[str, ConfigValue],
    brokers: int,
    topics: frozenset[str],
    worker: Mapping[str, str],
) -> SettingsError | None:
    """The error about the first topic that can't be created; None if all can."""
    for topic, called, part, key, replicas in _wanted(in_force, worker):
        if topic not in topics and replicas > brokers:
            count = f"{brokers} broker" + ("" if brokers == 1 else "s")
            return SettingsError(
                f"{called} can't be created: {replicas} replicas of {count} ({key}={replicas}).",
                then=f"-D {part}.{key}={brokers}, or start as many brokers",
            )
    return None


def _wanted(
    in_force: Mapping[str, ConfigValue], worker: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str, int]]:
    """Topic, its name for people, part and key of the setting, replicas (-1 is Kafka's default)."""
    entry = in_force.get(OFFSETS_FACTOR)
    if entry is not None and entry.value is not None:
        yield OFFSETS, "The offsets topic", "broker", OFFSETS_FACTOR, int(entry.value)
    for which in OF_CONNECT:
        key = f"{which}.storage.replication.factor"
        topic, replicas = worker.get(f"{which}.storage.topic"), worker.get(key, "")
        if topic and replicas.lstrip("-").isdigit():
            yield topic, f"The topic {topic}", "worker", key, int(replicas)
