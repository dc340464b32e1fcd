"""What a run that was killed left on a stack: found by its name, and removed."""

from __future__ import annotations

from datetime import timedelta

from support.clients.broker import READY_TOPIC, BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.slot import drop_slot
from support.stack.ports import Endpoints

OWNED = "kafka-validation"
"""Begins the name of every topic and group of ours; nothing else is ever deleted."""

PREFIX = "kafka_validation_run_"
"""Begins the name of every schema, slot, publication and connector of a trial."""

HEARTBEAT = "__debezium-heartbeat."
FOUND = """
SELECT slot_name FROM pg_replication_slots WHERE starts_with(slot_name, %(prefix)s)
UNION SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %(prefix)s)
UNION SELECT pubname FROM pg_publication WHERE starts_with(pubname, %(prefix)s)
"""
PATIENCE = timedelta(seconds=30)


def left_pipelines(database: Database, connect: ConnectClient) -> list[str]:
    """Names of pipelines (schema, slot, publication, connector) that are there."""
    found = {str(name) for (name,) in database.query(FOUND, {"prefix": PREFIX})}
    found.update(name for name in connect.connectors() if name.startswith(PREFIX))
    return sorted(found)


def drop_pipeline(
    database: Database, connect: ConnectClient, name: str, within: timedelta = PATIENCE
) -> None:
    """The slot can go only when nobody reads it any more."""
    try:
        connect.delete(name)
    finally:
        drop_slot(database, name, within)
        database.execute(f"DROP PUBLICATION IF EXISTS {name}")
        database.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def left_topics(client: BrokerClient) -> list[str]:
    begin = (f"{OWNED}-", f"{HEARTBEAT}{OWNED}-", READY_TOPIC)
    return sorted(name for name in client.topics() if name.startswith(begin))


def clean(endpoints: Endpoints) -> list[str]:
    """Remove everything of ours from a stack that runs on; what it was, for people."""
    client, connect = BrokerClient(endpoints.bootstrap), ConnectClient(endpoints.connect_url)
    database = Database(endpoints.database.conninfo)
    told = []
    for name in left_pipelines(database, connect):
        drop_pipeline(database, connect, name)
        told.append(f"connector, slot, publication and schema {name}")
    groups = [name for name in client.groups() if name.startswith(f"{OWNED}-")]
    client.delete_groups(groups)
    topics = left_topics(client)
    client.delete_topics(topics)
    return told + [f"group {name}" for name in groups] + [f"topic {name}" for name in topics]
