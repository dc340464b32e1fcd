"""Inspects a stack that others run before it is used: one message for each problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
from confluent_kafka import KafkaException

from support.baseline import Baseline
from support.clients.connect import OFFSETS_SINCE, ConnectClient
from support.clients.connect_address import ConnectAddress
from support.clients.database import Database
from support.clients.database_clock import database_clock
from support.clients.kafka_address import KafkaAddress
from support.clients.obstacles import open_transactions
from support.clients.readiness import prove_ready
from support.clock import ClockOffset
from support.errors import NotInTime, StackError
from support.stack.addresses import DatabaseAddress, Endpoints
from support.stack.attached.database_refusals import refusal
from support.stack.attached.replication_rights import check_logical, check_rights
from support.stack.attached.worker_database import worker_refusal
from support.stack.capture import check_connector_settings
from support.stack.replication import check_room
from support.stack.team import connectors_on

PATIENCE = timedelta(seconds=15)
SKEW_MS = 1_000
"""A larger difference of clocks is reported."""


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
    """Checks that Kafka Connect answers, has the plugin, and accepts the connector's settings.

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
    words = check_connector_settings(client, baseline, database)
    if words:
        raise worker_refusal(words, database)
    version = client.version()
    number = ".".join(map(str, version))
    yield f"Kafka Connect at {address.url}: {number}, with {plugin.split('.')[-1]}"
    if version < OFFSETS_SINCE:
        yield (
            "WARNING: this Connect can't report committed offsets (3.6 can): the check "
            "'resent from the commit' is SKIPPED"
        )


def server_version(address: DatabaseAddress) -> str:
    """The version of PostgreSQL, such as 16.4."""
    ((version,),) = Database(address.conninfo).query("SHOW server_version")
    return str(version)


def inspect_database(address: DatabaseAddress) -> Iterator[str]:
    """Checks that PostgreSQL has logical replication, a free slot and WAL sender, and permits CDC.

    Yields what was found, as lines for people. Raises StackError.
    """
    database = Database(address.conninfo)
    try:
        ((version,),) = database.query("SELECT current_setting('server_version')")
        check_logical(database)
        room = check_room(database)
        yield from check_rights(database, address)
        left = room.slots - len(room.held_slots)
        yield f"PostgreSQL at {address.place}: {version}, {left} replication slot(s) left"
        for each in open_transactions(database):
            yield f"WARNING: change data capture can't start before this ends: {each.described}"
        yield from skew("database", database_clock(address.conninfo))
    except (psycopg.OperationalError, OSError) as error:
        raise refusal(error, address) from error


def inspect_team(ends: Endpoints) -> Iterator[str]:
    """Finds the connectors of the team. Yields a line for each one, or a warning without any."""
    client, found = ConnectClient(ends.connect), connectors_on(ends)
    for each in found.judged:
        state = client.state(each.name)
        tasks = ", ".join(state.tasks) or "none"
        yield f"Connector {each.name}: {state.connector}, tasks: {tasks}, slot {each.slot}"
    yield from (f"WARNING: {each}" for each in found.left_out)
    if not found.judged:
        what = "can't be judged" if found.left_out else "fails"
        yield (
            "WARNING: Kafka Connect runs no Debezium connector on the database "
            f"{ends.database.name}: what is judged of the team's pipeline {what}"
        )
