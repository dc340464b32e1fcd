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
from support.clients.disk_guard import guarded
from support.clients.readiness import prove_ready, write_and_fetch
from support.errors import Explained, NotInTime, StackError
from support.stack.capture import check_connector_settings
from support.stack.leftovers import OWNED
from support.stack.ports import DatabaseAddress

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
        version = client.broker_config()["inter.broker.protocol.version"].value
    except KafkaException as error:
        raise StackError(
            "This client may not read the broker's settings.",
            seen=str(error.args[0].str()),
            cause="an access control list",
            then="allow DescribeConfigs on the cluster",
        ) from error
    yield f"Kafka at {bootstrap}: {len(brokers)} broker(s), protocol {version}"
    absent = client.absent_brokers()
    if absent:
        yield f"WARNING: brokers that should keep replicas are not there: {absent}"
    topic = f"{OWNED}-inspection-{os.getpid()}"
    try:
        own = {"partitions": "1", "message.timestamp.type": "LogAppendTime"}
        client.create_topic(topic, guarded({**baseline.topic, **own}))
        before = clock.wall_ms(clock.now_ns())
        write_and_fetch(bootstrap, topic, PATIENCE)
        after, stamped = clock.wall_ms(clock.now_ns()), client.last_timestamp_ms(topic)
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
    yield from _skew("broker", before, stamped, after)


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


def _skew(whose: str, before_ms: float, theirs_ms: float, after_ms: float) -> Iterator[str]:
    """Latency of a load is measured by this host alone, so this is told and no error."""
    skew = max(before_ms - theirs_ms, theirs_ms - after_ms, 0)
    if skew > SKEW_MS:
        yield (
            f"WARNING: the clocks of this host and of the {whose} differ by {skew / 1000:.1f} s: "
            "what compares times of different hosts (commit to topic, retention, changes over "
            "time) is off by that"
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
        yield "WARNING: this Connect can't tell committed offsets (3.6 can): resuming is not judged"


def inspect_database(address: DatabaseAddress) -> Iterator[str]:
    """Reachable, with logical replication, a free slot, and permission. Raises StackError."""
    place = f"{address.host}:{address.port}/{address.name}"
    before = clock.wall_ms(clock.now_ns())
    try:
        (row,) = Database(address.conninfo).query(
            "SELECT current_setting('server_version'), current_setting('wal_level'),"
            " current_setting('max_replication_slots')::int,"
            " (SELECT count(*) FROM pg_replication_slots),"
            " (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user),"
            " has_database_privilege(current_database(), 'CREATE'),"
            " (extract(epoch FROM clock_timestamp()) * 1000)::float8"
        )
    except (psycopg.OperationalError, OSError) as error:
        raise StackError(
            f"PostgreSQL can't be used at {place} as {address.user}.",
            seen=" ".join(str(error).split())[:400],
            then="-D database=postgresql://USER:PASSWORD@HOST:PORT/NAME",
        ) from error
    version, wal_level, slots, used, may_replicate, may_create, theirs_ms = row
    after = clock.wall_ms(clock.now_ns())
    if wal_level != "logical":
        raise StackError(
            "This PostgreSQL has no logical replication.", seen=f"wal_level={wal_level}",
            wanted="wal_level=logical", then="change postgresql.conf and restart the server",
        )  # fmt: skip
    if used >= slots:
        raise StackError(
            "This PostgreSQL has no replication slot left.",
            seen=f"{used} of {slots} are used",
            then="raise max_replication_slots, or drop a slot that nobody reads",
        )
    if not (may_replicate and may_create):
        raise StackError(
            f"The role {address.user} may not do what change data capture needs.",
            seen=f"replication: {may_replicate}, CREATE on the database: {may_create}",
            then=f"ALTER ROLE {address.user} REPLICATION; GRANT CREATE ON DATABASE "
            f"{address.name} TO {address.user}",
        )
    yield f"PostgreSQL at {place}: {version}, {slots - used} replication slot(s) left"
    yield from _skew("database", before, theirs_ms, after)


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
