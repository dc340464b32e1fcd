"""A stack that the suite did not start: a cluster of three brokers, a database, Debezium."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import requests
from confluent_kafka import KafkaException

from support.clients.broker import BrokerClient
from support.clients.connect_address import ConnectAddress
from support.clients.kafka_address import KafkaAddress
from support.stack.addresses import DatabaseAddress, Endpoints
from support.stack.listening import LOOPBACK, choose_port
from support.waiting import wait_until

FILE = Path(__file__).parent / "docker-compose.yml"
PROJECT = "foreign-cluster"
PORTS = {"ALPHA": 9192, "BETA": 9292, "GAMMA": 9392, "CAPTURE": 8183, "STORE": 5532}
PATIENCE = timedelta(seconds=180)
ROWS = 120
TABLES = """
CREATE TABLE videos (id bigint PRIMARY KEY, title text);
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE comments (id bigint PRIMARY KEY, body text);
INSERT INTO videos SELECT n, 'title ' || n FROM generate_series(1, 40) n;
INSERT INTO users SELECT n, 'name ' || n FROM generate_series(1, 40) n;
INSERT INTO comments SELECT n, 'body ' || n FROM generate_series(1, 40) n;
"""
CONNECTOR = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "plugin.name": "pgoutput",
    "topic.prefix": "shop",
    "slot.name": "shop",
    "publication.name": "shop",
    "publication.autocreate.mode": "filtered",
    "table.include.list": "public.videos,public.users,public.comments",
    "database.hostname": "store",
    "database.port": "5432",
    "database.user": "postgres",
    "database.password": "secret",
    "database.dbname": "postgres",
    "topic.creation.default.replication.factor": "-1",
    "topic.creation.default.partitions": "2",
}


CDC_TOPICS = tuple(f"shop.{table}" for table in CONNECTOR["table.include.list"].split(","))


def _captured(kafka: KafkaAddress) -> int:
    """Number of events in the CDC topics."""
    client = BrokerClient(kafka)
    return sum(sum(client.end_offsets(topic).values()) for topic in CDC_TOPICS)


@contextmanager
def foreign_cluster(images: Mapping[str, str]) -> Iterator[Endpoints]:
    """Starts the stack with captured rows; ends it on leaving the `with`.

    `images`: variable of the compose file -> name.
    """
    ports = {name: choose_port(f"{name}_port", None, usual) for name, usual in PORTS.items()}
    variables = {**os.environ, **{f"{name}_PORT": str(port) for name, port in ports.items()}}
    compose = ["docker-compose", "-p", PROJECT, "-f", str(FILE)]
    database = DatabaseAddress.isolated(
        LOOPBACK, ports["STORE"], "postgres", "postgres", "secret", ("store", 5432)
    )
    kafka = KafkaAddress(f"{LOOPBACK}:{ports['ALPHA']}")
    connect = f"http://{LOOPBACK}:{ports['CAPTURE']}"
    try:
        subprocess.run(
            [*compose, "up", "--detach"],
            env={**variables, **images},
            check=True,
            capture_output=True,
            text=True,
        )
        opened = wait_until(
            lambda: psycopg.connect(database.conninfo),
            bool,
            PATIENCE,
            "the database",
            tolerate=(psycopg.OperationalError,),
        )
        with opened:
            opened.execute(TABLES)
        wait_until(
            lambda: requests.put(f"{connect}/connectors/shop/config", json=CONNECTOR, timeout=5).ok,
            bool,
            PATIENCE,
            "Connect to take the connector",
            tolerate=(requests.RequestException,),
        )
        wait_until(
            lambda: _captured(kafka),
            lambda seen: seen == ROWS,
            PATIENCE,
            "every row's event",
            tolerate=(KafkaException, KeyError),
        )
        yield Endpoints(kafka, ConnectAddress(connect), database)
    finally:
        subprocess.run(
            [*compose, "down", "--volumes", "--timeout", "30"],
            env={**variables, **images},
            check=False,
            capture_output=True,
        )
