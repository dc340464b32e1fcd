"""A team's connectors on the embedded stack, which the suite did not make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from confluent_kafka import Producer

from support.audit.auditing import Auditor
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.connection import client_config
from support.clients.database import Database
from support.clients.slot import drop_slot, read_slot
from support.clients.team_connectors import PostgresConnector, team_connectors
from support.clients.topic_routes import misread
from support.record.audit import AuditedConnector, AuditedTable, RowFinding
from support.stack.embedded.stack import EmbeddedStack
from support.waiting import wait_until
from tests.contract.audit.schema import (
    DIRECT,
    DROPPING,
    OTHERS,
    PUBLICATION,
    PUBLICATIONS,
    SCHEMA,
    TABLES,
    TYPES,
    every_type,
    rows_of_every_type,
)

JSON = "org.apache.kafka.connect.json.JsonConverter"
ROUTE = "org.apache.kafka.connect.transforms.RegexRouter"
MODES: Mapping[str, Mapping[str, str]] = {
    "defaults": {
        "publication.name": PUBLICATION,
        "column.exclude.list": rf"{SCHEMA}\.every_type\.c_name",
        "key.converter.schemas.enable": "false",
        "value.converter.schemas.enable": "false",
    },
    "texts": {
        "publication.name": DIRECT,
        "decimal.handling.mode": "string",
        "time.precision.mode": "connect",
        "binary.handling.mode": "base64",
        "interval.handling.mode": "string",
        "include.unknown.datatypes": "true",
        "key.converter.schemas.enable": "true",
        "value.converter.schemas.enable": "true",
    },
    "numbers": {
        "publication.name": PUBLICATION,
        "decimal.handling.mode": "double",
        "time.precision.mode": "adaptive_time_microseconds",
        "binary.handling.mode": "hex",
        "key.converter.schemas.enable": "false",
        "value.converter.schemas.enable": "false",
        "transforms": "route",
        "transforms.route.type": ROUTE,
        "transforms.route.regex": r"([^.]+)\.[^.]+\.(.*)",
        "transforms.route.replacement": "$1-$2",
    },
    "unwrapped": {
        "publication.name": PUBLICATION,
        "table.include.list": r"audit_shop\.(composite|large)",
        "key.converter.schemas.enable": "false",
        "value.converter.schemas.enable": "false",
        "transforms": "unwrap",
        "transforms.unwrap.type": "io.debezium.transforms.ExtractNewRecordState",
        "transforms.unwrap.add.fields": "op,lsn,source.txId",
        "transforms.unwrap.drop.tombstones": "false",
        "transforms.unwrap.delete.handling.mode": "rewrite",
    },
}
"""Name of a connector -> its converters, handling modes and publication."""
DEFECTS = {
    ("numbers", "every_type", "c_name is None in the topic"),
    ("texts", "large", "raw is None in the topic"),
}
"""Findings about Debezium 2.5.4 itself: changes have null for a value of type name, and,
with binary.handling.mode=base64, for a large bytea that an update left alone."""
FIRST = ("defaults", "texts", "numbers")
"""The connectors that run from the beginning."""
SOON = timedelta(seconds=40)


class Team:
    """The schema, and one connector for each of FIRST."""

    def __init__(self, stack: EmbeddedStack, folder: Path) -> None:
        ends = stack.endpoints
        self.conninfo, self.kafka = ends.database.conninfo, ends.kafka
        self.database, self.broker = Database(self.conninfo), BrokerClient(ends.kafka)
        self.client = ConnectClient(ends.connect)
        self._stack, self._folder = stack, folder

    @contextmanager
    def running(self, rows: int) -> Iterator[None]:
        """Creates the schema with its rows, and the connectors; removes both afterwards."""
        self.database.execute(TYPES + every_type() + OTHERS + PUBLICATIONS)
        self.database.execute(rows_of_every_type(1, rows))
        started = list[str]()
        try:
            for name in FIRST:
                started.append(name)
                self._register(name)
            for name in FIRST:
                self._await_streaming(slot_of(name))
            yield
        finally:
            for name in started:
                self.stop(name)
            self.database.execute(DROPPING)

    @contextmanager
    def instead(self, name: str, other: str) -> Iterator[None]:
        """Runs the connector `name` in the place of another: PostgreSQL has few slots."""
        self.stop(other)
        self._register(name)
        try:
            self._await_streaming(slot_of(name))
            yield
        finally:
            self.stop(name)

    def stop(self, name: str) -> None:
        """Removes a connector and its slot."""
        self.client.delete(name)
        drop_slot(self.database, slot_of(name), SOON)

    def _register(self, name: str) -> None:
        address = self._stack.endpoints.database.connector_settings
        config = {
            "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
            "plugin.name": "pgoutput",
            "topic.prefix": f"team.{name}".replace(".", "_"),
            "slot.name": slot_of(name),
            "schema.include.list": SCHEMA,
            "skipped.operations": "none",
            "heartbeat.interval.ms": "1000",
            "poll.interval.ms": "50",
            "key.converter": JSON,
            "value.converter": JSON,
            **address,
            **MODES[name],
        }
        connector = PostgresConnector(name, config)
        own = (connector.heartbeat_topic, f"{connector.topic_prefix}.message")
        names = {*TABLES, *map(misread, TABLES)}
        for topic in {*(connector.topic(SCHEMA, name) for name in names), *own}:
            wanted = "1" if topic in own else "3"
            self.broker.create_topic(topic, {**self._stack.baseline.topic, "partitions": wanted})
        self.client.put_config(name, config)

    def _await_streaming(self, slot: str) -> None:
        wait_until(
            lambda: read_slot(self.database, slot),
            lambda seen: seen is not None and seen.active_pid is not None,
            SOON,
            f"the slot {slot} to be read",
        )

    def connector(self, name: str) -> PostgresConnector:
        """Finds a connector as the audit does."""
        found = team_connectors(self.client, self._stack.endpoints.database, None, name)
        return found.judged[0]

    def audit(self, name: str, conninfo: str = "") -> AuditedConnector:
        """Audits the tables of one connector, by default with the stack's role."""
        auditor = Auditor(
            *(
                self.broker,
                conninfo or self.conninfo,
                self._stack.endpoints.database.name,
                self._folder,
            ),
            lambda _line: None,
            slot_patience=timedelta(seconds=40),
            topic_patience=timedelta(seconds=20),
            quiet=timedelta(seconds=5),
        )
        return auditor.audit(self.connector(name))

    def produce(self, topic: str, partition: int, key: bytes | None, value: bytes | None) -> None:
        """Writes a record to the team's topic, as a careless producer would."""
        producer = Producer(client_config(self.kafka, {"acks": "all"}))
        producer.produce(topic, value, key, partition=partition)
        assert producer.flush(20) == 0


def slot_of(name: str) -> str:
    """Returns the slot of a connector."""
    return f"audit_{name}"


def unexplained(name: str, audited: AuditedConnector) -> list[tuple[str, RowFinding]]:
    """Returns the findings that are not those of DEFECTS, with their tables."""
    known = {(f"{SCHEMA}.{where}", what) for which, where, what in DEFECTS if which == name}
    return [
        (each.name, finding)
        for each in audited.tables
        for finding in each.findings
        if not any(each.name == where and finding.what.startswith(what) for where, what in known)
    ]


def table(audited: AuditedConnector, name: str) -> AuditedTable:
    """Returns one table of an audit."""
    (found,) = (each for each in audited.tables if each.name == f"{SCHEMA}.{name}")
    return found
