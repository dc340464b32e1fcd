"""Inspects a stack that others run before it is used: one message for each problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
from confluent_kafka import KafkaException

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import OFFSETS_SINCE, ConnectClient
from support.clients.connect_address import ConnectAddress
from support.clients.database import Database
from support.clients.database_clock import database_clock
from support.clients.kafka_address import KafkaAddress
from support.clients.obstacles import open_transactions
from support.clients.readiness import prove_ready
from support.clock import ClockOffset
from support.errors import NotInTime, StackError
from support.stack.addresses import DatabaseAddress
from support.stack.capture import check_connector_settings
from support.stack.replication import check_room

PATIENCE = timedelta(seconds=15)
SKEW_MS = 1_000
"""A larger difference of clocks is reported."""

SERVER = """
SELECT current_setting('server_version'), current_setting('wal_level'),
       (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user),
       has_database_privilege(current_database(), 'CREATE')
"""


def inspect_every_broker(kafka: KafkaAddress) -> None:
    """Raises StackError if one of the brokers does not serve this client.

    Leaves the topic by which readiness is proven, with a partition on each broker.
    """
    try:
        prove_ready(kafka, PATIENCE)
    except (KafkaException, NotInTime, StackError) as error:
        raise StackError(
            "Not every broker of the cluster serves this client.",
            seen=" ".join(str(error).split())[:400],
            cause="an address in its advertised.listeners that this host can't reach",
            then=f"kcat -L -b {kafka} (or Kafka UI) lists the addresses: try each from here",
        ) from error


def skew(whose: str, clocks: ClockOffset) -> Iterator[str]:
    """A warning if the clocks of this host and of `whose` host differ.

    It is not an error: latencies of a load are measured by this host alone, and scenarios that need
    PostgreSQL's clock measure the difference again and correct it.
    """
    difference = clocks.least_skew_ms()
    if difference > SKEW_MS:
        yield (
            f"WARNING: the clocks of this host and of the {whose} differ by "
            f"{difference / 1000:.1f} s. Times of changes are corrected by the measured "
            "difference; time stamps of Kafka and Connect (retention, commit to Connect's "
            "producer) are not"
        )


def inspect_connect(
    address: ConnectAddress, baseline: Baseline, database: DatabaseAddress
) -> Iterator[str]:
    """Check that Kafka Connect answers, has the plugin, and accepts the connector's settings.

    Yields what was found, as lines for people. Raises StackError, or SettingsError for a setting.
    """
    client = ConnectClient(address)
    plugin, found = baseline.connector["connector.class"], client.plugins()
    if plugin not in found:
        raise StackError(
            "This Kafka Connect has no Debezium connector for PostgreSQL.",
            seen=", ".join(found) or "no plugin at all",
            wanted=plugin,
            then="install the plugin in its plugin.path and restart it",
        )
    check_connector_settings(client, baseline, database)
    version = client.version()
    number = ".".join(map(str, version))
    yield f"Kafka Connect at {address.url}: {number}, with {plugin.split('.')[-1]}"
    if version < OFFSETS_SINCE:
        yield (
            "WARNING: this Connect can't report committed offsets (3.6 can): resuming from the "
            "committed offset is not judged"
        )


def inspect_database(address: DatabaseAddress) -> Iterator[str]:
    """Check that PostgreSQL has logical replication, a free slot and WAL sender, and permits CDC.

    Yields what was found, as lines for people. Raises StackError.
    """
    place = f"{address.host}:{address.port}/{address.name}"
    database = Database(address.conninfo)
    try:
        (row,) = database.query(SERVER)
        clocks = database_clock(address.conninfo)
    except (psycopg.OperationalError, OSError) as error:
        raise StackError(
            f"PostgreSQL can't be used at {place} as {address.user}.",
            seen=" ".join(str(error).split())[:400],
            then="-D database=postgresql://USER:PASSWORD@HOST:PORT/NAME",
        ) from error
    version, wal_level, may_replicate, may_create = row
    _check_replication(address, wal_level, may_replicate, may_create)
    room = check_room(database)
    left = room.slots - len(room.held_slots)
    yield f"PostgreSQL at {place}: {version}, {left} replication slot(s) left"
    for each in open_transactions(database):
        yield f"WARNING: change data capture can't start before this ends: {each.described}"
    yield from skew("database", clocks)


def _check_replication(
    address: DatabaseAddress, wal_level: str, may_replicate: bool, may_create: bool
) -> None:
    if wal_level != "logical":
        raise StackError(
            "This PostgreSQL has no logical replication.",
            seen=f"wal_level={wal_level}",
            wanted="wal_level=logical",
            then="change postgresql.conf and restart the server",
        )
    if not (may_replicate and may_create):
        raise StackError(
            f"The role {address.user} lacks permissions that change data capture needs.",
            seen=f"replication: {may_replicate}, CREATE on the database: {may_create}",
            then=f"ALTER ROLE {address.user} REPLICATION; GRANT CREATE ON DATABASE "
            f"{address.name} TO {address.user}",
        )


def inspect_cdc_topics(kafka: KafkaAddress, baseline: Baseline) -> StackError | None:
    """The error about missing CDC topics (assumption A-001); None if all exist."""
    there = BrokerClient(kafka).topics()
    missing = [topic for topic in baseline.cdc_topics if topic not in there]
    if not missing:
        return None
    return StackError(
        "The CDC topics of Feature 002 do not exist.",
        seen=f"missing: {', '.join(missing)}",
        then="-D connector.topic.prefix=PREFIX, if they begin with something else than "
        f"{baseline.connector['topic.prefix']}",
    )
