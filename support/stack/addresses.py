"""Where the parts of a stack can be reached."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from psycopg.conninfo import make_conninfo

from support.clients.connect_address import ConnectAddress
from support.clients.kafka_address import KafkaAddress


@dataclass(frozen=True)
class DatabaseAddress:
    """The address of PostgreSQL, and the role that owns the captured tables."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(default="", repr=False)
    inside: tuple[str, int] | None = None
    """Host and port as Kafka Connect reaches them, if it is on another network."""

    @property
    def conninfo(self) -> str:
        """The connection string for libpq.

        It sets every parameter, so that PG* variables of the user's environment have no effect.
        """
        return make_conninfo(
            host=self.host,
            hostaddr=socket.gethostbyname(self.host),
            port=self.port,
            dbname=self.name,
            user=self.user,
            password=self.password,
            sslmode="disable",
            gssencmode="disable",
            options="",
        )

    @property
    def connector_settings(self) -> dict[str, str]:
        """The same address as settings of the Debezium connector."""
        host, port = self.inside or (self.host, self.port)
        return {
            "database.hostname": host,
            "database.port": str(port),
            "database.user": self.user,
            "database.password": self.password,
            "database.dbname": self.name,
        }


@dataclass(frozen=True)
class Endpoints:
    """Addresses by which clients reach a stack."""

    kafka: KafkaAddress
    connect: ConnectAddress
    database: DatabaseAddress
