"""Finds out which broker of the cluster a container runs, by the file in its data folder."""

from __future__ import annotations

from typing import Any

from confluent_kafka import KafkaException
from docker.errors import APIError

from support.clients.broker import BrokerClient
from support.errors import StackError
from support.stack.docker.part_disk import PLAIN


def node_of(container: Any, client: BrokerClient) -> tuple[int, tuple[str, ...]]:
    """The broker's id and its data folders. Raises StackError if it runs none of the cluster's."""
    cluster, seen = client.cluster_id(), []
    for broker in client.brokers():
        folders = _folders(client, broker)
        code, content = _read(container, f"{folders[0]}/meta.properties")
        lines = content.decode(errors="replace").split("\n")
        pairs = dict(line.partition("=")[::2] for line in lines)
        # broker.id is the name in a cluster with ZooKeeper.
        found = pairs.get("node.id", pairs.get("broker.id"))
        if code == 0 and found == str(broker) and pairs.get("cluster.id") == cluster:
            return broker, folders
        seen.append(f"broker {broker} of cluster {pairs.get('cluster.id')}" if found else "no data")
    raise StackError(
        f"The container {container.name} runs no broker of the cluster at {client.kafka}.",
        seen=", ".join(sorted(set(seen))),
        wanted=f"one of the brokers {client.brokers()} of cluster {cluster}",
        then="docker ps, and name the broker's: -D kafka_container=NAME",
    )


def _read(container: Any, path: str) -> tuple[int, bytes]:
    """Reads a file in the container. Returns the exit code, and the content."""
    try:
        code, content = container.exec_run(["cat", path], environment=PLAIN)
    except APIError as error:
        raise StackError(
            f"The container {container.name} can't be read.",
            seen=str(error)[:300],
            cause="it does not run",
            then=f"docker start {container.name}",
        ) from error
    return int(code), bytes(content)


def _folders(client: BrokerClient, broker: int) -> tuple[str, ...]:
    try:
        config = client.broker_config(broker)
    except KafkaException as error:
        raise StackError(
            f"Broker {broker} does not report its data folders.", seen=str(error)
        ) from error
    named = (config.get(key) for key in ("log.dirs", "log.dir"))
    found = next((each.value for each in named if each and each.value), "")
    return tuple(found.split(","))
