"""Which broker of the cluster a container is: by the file that Kafka keeps beside its data."""

from __future__ import annotations

from typing import Any

from confluent_kafka import KafkaException
from docker.errors import APIError

from support.clients.broker import BrokerClient
from support.errors import StackError
from support.stack.docker.part_disk import PLAIN


def node_of(container: Any, client: BrokerClient) -> tuple[int, tuple[str, ...]]:
    """Its id and its folders. Raises StackError when it is no running broker of that cluster."""
    cluster, seen = client.cluster_id(), []
    for broker in client.brokers():
        folders = _folders(client, broker)
        code, told = _read(container, f"{folders[0]}/meta.properties")
        pairs = dict(line.partition("=")[::2] for line in told.decode(errors="replace").split("\n"))
        # The second name is that of a cluster with ZooKeeper.
        found = pairs.get("node.id", pairs.get("broker.id"))
        if code == 0 and found == str(broker) and pairs.get("cluster.id") == cluster:
            return broker, folders
        seen.append(f"broker {broker} of cluster {pairs.get('cluster.id')}" if found else "no data")
    raise StackError(
        f"The container {container.name} is no broker of the cluster at {client.bootstrap}.",
        seen=", ".join(sorted(set(seen))),
        wanted=f"one of the brokers {client.brokers()} of cluster {cluster}",
        then="docker ps, and name the broker's: -D kafka_container=NAME",
    )


def _read(container: Any, path: str) -> tuple[int, bytes]:
    """Exit code of reading a file inside, and what was read."""
    try:
        code, told = container.exec_run(["cat", path], environment=PLAIN)
    except APIError as error:
        raise StackError(
            f"The container {container.name} can't be looked into.",
            seen=str(error)[:300],
            cause="it does not run",
            then=f"docker start {container.name}",
        ) from error
    return int(code), bytes(told)


def _folders(client: BrokerClient, broker: int) -> tuple[str, ...]:
    try:
        config = client.broker_config(broker)
    except KafkaException as error:
        raise StackError(f"Broker {broker} does not tell its folders.", seen=str(error)) from error
    return tuple((config["log.dirs"].value or config["log.dir"].value or "").split(","))
