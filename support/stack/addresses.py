"""Where the parts of a stack can be reached."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from psycopg.conninfo import make_conninfo

from support.clients.connect_address import ConnectAddress
from support.clients.kafka_address import KafkaAddress
from support.stack.connector_database import connector_settings

USUAL_PORT = 5432

ISOLATED = {
    "sslmode": "disable",
    "gssencmode": "disable",
    "channel_binding": "disable",
    "require_auth": "none,password,md5,gss,sspi,scram-sha-256",
    "target_session_attrs": "any",
    "options": "",
}
"""Parameters of libpq for a server that the suite started: a PG* variable has no effect then."""


@dataclass(frozen=True)
class DatabaseAddress:
    """The address of PostgreSQL and the role that owns the captured tables, for libpq."""

    parameters: Mapping[str, str] = field(repr=False)
    """The parameters with which every connection of the suite is made, by their libpq names."""
    found: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Parameters that a connection has used: the one host of several, the password of ~/.pgpass."""
    inside: tuple[str, int] | None = None
    """Host and port as Kafka Connect reaches them, if it is on another network."""

    @classmethod
    def isolated(
        cls,
        host: str,
        port: int,
        name: str,
        user: str,
        password: str = "",
        inside: tuple[str, int] | None = None,
    ) -> DatabaseAddress:
        """The address of a server that the suite started.

        It sets every parameter, so that PG* variables of the user's environment have no effect.
        """
        address = {"host": host, "hostaddr": socket.gethostbyname(host), "port": str(port)}
        role = {"dbname": name, "user": user, "password": password}
        return cls({**address, **role, **ISOLATED}, inside=inside)

    def of(self, *, user: str = "", name: str = "") -> DatabaseAddress:
        """The same server, with another role or another database."""
        changed = {key: value for key, value in (("user", user), ("dbname", name)) if value}
        return dataclasses.replace(
            self, parameters={**self.parameters, **changed}, found={**self.found, **changed}
        )

    @property
    def conninfo(self) -> str:
        """The connection string for libpq. It contains the password."""
        return make_conninfo(**self.parameters)

    @property
    def host(self) -> str:
        """The host name, the folder of a Unix socket, or several hosts before a connection."""
        return self._used("host") or self._used("hostaddr")

    @property
    def port(self) -> int:
        """The port; the first one if there are several hosts and no connection was made yet."""
        return int(self._used("port").partition(",")[0] or USUAL_PORT)

    @property
    def user(self) -> str:
        """The role."""
        return self._used("user")

    @property
    def password(self) -> str:
        """The password; empty while it is only in ~/.pgpass, and if the server asks for none."""
        return self._used("password")

    @property
    def name(self) -> str:
        """The database, which libpq names after the role if nothing else is given."""
        return self._used("dbname") or self.user

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Host and port as this host reaches them, and as Kafka Connect does."""
        here = (self.host, self.port)
        return (here,) if self.inside is None else (here, self.inside)

    @property
    def place(self) -> str:
        """Host, port and database, for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}/{self.name}"

    @property
    def connector_settings(self) -> dict[str, str]:
        """The same address as settings of the Debezium connector."""
        host, port = self.inside or (self.host, self.port)
        address = {"host": host, "port": str(port), "user": self.user, "dbname": self.name}
        return connector_settings({**self.parameters, **self.found, **address})

    def _used(self, parameter: str) -> str:
        return self.found.get(parameter) or self.parameters.get(parameter, "")


@dataclass(frozen=True)
class Endpoints:
    """Addresses by which clients reach a stack."""

    kafka: KafkaAddress
    connect: ConnectAddress
    database: DatabaseAddress
    team_connector: str = ""
    """The connector to judge and to audit; empty for every one that captures the database."""
