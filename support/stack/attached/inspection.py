"""What is there, before anything is done with it: one clear message for whatever is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import psycopg
from confluent_kafka import KafkaException

from support import clock
from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import OFFSETS_SINCE, ConnectClient
from support.clients.database import Database
from support.clients.database_clock import database_clock
from support.clients.disk_guard import guarded
from support.clients.obstacles import open_transactions
from support.clients.readiness import prove_ready, write_and_fetch
from support.clock import ClockOffset
from support.errors import Explained, NotInTime, StackError
from support.stack.addresses import DatabaseAddress
from support.stack.capture import check_connector_settings
from support.stack.internal_topics import unmakeable
from support.stack.leftovers import OWNED
from support.stack.replication import check_room

PATIENCE = timedelta(seconds=15)
SKEW_MS = 1_000
"""More is told."""


def inspect_broker(bootstrap: str, baseline: Baseline) -> Iterator[str]:
    """Reachable, permitted, and how its clock differs. Raises StackError; nothing is left."""
    client = BrokerClient(bootstrap)
    try:
        brokers = client.brokers()
    except KafkaException as error:
        raise StackError(
            f"No Kafka broker answers at {bootstrap}.",
            seen=str(error.args[0].str()),
            cause="a wrong address, a firewall, or a listener that needs TLS or SASL",
            then="give an address that reaches it from here: -D bootstrap=HOST:PORT",
        ) from error
    try:
        in_force = client.broker_config()
        version = in_force["inter.broker.protocol.version"].value
    except KafkaException as error:
        raise StackError(
            "This client may not read the broker's settings.",
            seen=str(error.args[0].str()),
            cause="an access control list",
            then="allow DescribeConfigs on the cluster",
        ) from error
    yield f"Kafka at {bootstrap}: {len(brokers)} broker(s), protocol {version}"
    problem = unmakeable(in_force, len(brokers), client.topics(), {})
    if problem is not None:
        raise problem
    absent = client.absent_brokers()
    if absent:
        yield f"WARNING: brokers that should keep replicas are not there: {absent}"
    topic = f"{OWNED}-inspection-{os.getpid()}"
    try:
        own = {"partitions": "1", "message.timestamp.type": "LogAppendTime"}
        client.create_topic(topic, guarded({**baseline.topic, **own}))
        before_ns = clock.now_ns()
        write_and_fetch(bootstrap, topic, PATIENCE)
        after_ns, stamped = clock.now_ns(), client.last_timestamp_ms(topic)
        client.delete_topics([topic])
    except (KafkaException, NotInTime, StackError) as error:
        raise StackError(
            "This client may not create a topic there, write to it, read it or delete it.",
            seen=" ".join(str(error).split())[:400],
            cause="an access control list, or too few replicas that are in sync",
            then=f"allow everything on topics and groups named {OWNED}-*",
        ) from error
    finally:
        with suppress(KafkaException, Explained):
            client.delete_topics([topic])
    yield from _skew("broker", ClockOffset.seen(before_ns, stamped, after_ns))


def inspect_every_broker(bootstrap: str) -> None:
    """Each serves this client. Raises StackError. Leaves the topic by which readiness is proven,
    with a partition on each broker."""
    try:
        prove_ready(bootstrap, PATIENCE)
    except (KafkaException, NotInTime, StackError) as error:
        raise StackError(
            "Not every broker of the cluster serves this client.",
            seen=" ".join(str(error).split())[:400],
            cause="an address in its advertised.listeners that leads nowhere from this host",
            then=f"kcat -L -b {bootstrap} (or Kafka UI) tells the addresses: try each from here",
        ) from error


def _skew(whose: str, clocks: ClockOffset) -> Iterator[str]:
    """Latency of a load is measured by this host alone, and scenarios that need PostgreSQL's clock
    measure it again and correct it, so this is no error."""
    skew = clocks.least_skew_ms()
    if skew > SKEW_MS:
        yield (
            f"WARNING: the clocks of this host and of the {whose} differ by {skew / 1000:.1f} s. "
            "Times of changes are corrected by what is measured; what Kafka and Connect stamp "
            "(retention, commit to Connect's producer) is off by that"
        )


def inspect_connect(url: str, baseline: Baseline, database: DatabaseAddress) -> Iterator[str]:
    """Answers, has the connector's class, and takes our settings of it. Raises StackError, or
    SettingsError for a setting."""
    client = ConnectClient(url)
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
    told = ".".join(map(str, version))
    yield f"Kafka Connect at {url}: {told}, with {plugin.split('.')[-1]}"
    if version < OFFSETS_SINCE:
        yield (
            "WARNING: this Connect can't tell committed offsets (3.6 can): resuming from the "
            "committed offset is not judged"
        )


def inspect_database(address: DatabaseAddress) -> Iterator[str]:
    """Reachable, with logical replication, a free slot and a free WAL sender, and permission.
    Raises StackError."""
    place = f"{address.host}:{address.port}/{address.name}"
    database = Database(address.conninfo)
    try:
        (row,) = database.query(
            "SELECT current_setting('server_version'), current_setting('wal_level'),"
            " (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user),"
            " has_database_privilege(current_database(), 'CREATE')"
        )
        clocks = database_clock(address.conninfo)
    except (psycopg.OperationalError, OSError) as error:
        raise StackError(
            f"PostgreSQL can't be used at {place} as {address.user}.",
            seen=" ".join(str(error).split())[:400],
            then="-D database=postgresql://USER:PASSWORD@HOST:PORT/NAME",
        ) from error
    version, wal_level, may_replicate, may_create = row
    if wal_level != "logical":
        raise StackError(
            "This PostgreSQL has no logical replication.",
            seen=f"wal_level={wal_level}",
            wanted="wal_level=logical",
            then="change postgresql.conf and restart the server",
        )
    room = check_room(database)
    if not (may_replicate and may_create):
        raise StackError(
            f"The role {address.user} may not do what change data capture needs.",
            seen=f"replication: {may_replicate}, CREATE on the database: {may_create}",
            then=f"ALTER ROLE {address.user} REPLICATION; GRANT CREATE ON DATABASE "
            f"{address.name} TO {address.user}",
        )
    left = room.slots - len(room.held_slots)
    yield f"PostgreSQL at {place}: {version}, {left} replication slot(s) left"
    for each in open_transactions(database):
        yield f"WARNING: change data capture can't start before this ends: {each.described}"
    yield from _skew("database", clocks)


def inspect_cdc_topics(bootstrap: str, baseline: Baseline) -> StackError | None:
    """What is wrong with the topics of A-001; None when all are there. Nothing is written."""
    there = BrokerClient(bootstrap).topics()
    missing = [topic for topic in baseline.cdc_topics if topic not in there]
    if not missing:
        return None
    return StackError(
        "The CDC topics of Feature 002 are not there.",
        seen=f"missing: {', '.join(missing)}",
        then="-D connector.topic.prefix=PREFIX, if they begin otherwise than "
        f"{baseline.connector['topic.prefix']}",
    )
