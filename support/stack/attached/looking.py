"""Looks at a stack that others run without writing anything to it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from confluent_kafka import KafkaException

from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.errors import StackError
from support.stack.addresses import Endpoints
from support.stack.attached.database_refusals import refusal


def look_at(ends: Endpoints) -> Iterator[str]:
    """Yields a line for each part that answers. Raises StackError for one that does not."""
    try:
        count = len(BrokerClient(ends.kafka).brokers())
    except KafkaException as error:
        raise StackError(
            f"No Kafka broker answers at {ends.kafka}.",
            seen=str(error.args[0].str()),
            cause="a wrong address, a firewall, or a listener that needs TLS or SASL",
            then="-D bootstrap=HOST:PORT, and -D client_config=FILE for its security",
        ) from error
    yield f"Kafka at {ends.kafka}: {count} broker(s)"
    version = ".".join(map(str, ConnectClient(ends.connect).version()))
    yield f"Kafka Connect: {version}"
    try:
        ((server,),) = Database(ends.database.conninfo).query("SHOW server_version")
    except (psycopg.OperationalError, OSError) as error:
        raise refusal(error, ends.database) from error
    yield f"PostgreSQL: {server}"
