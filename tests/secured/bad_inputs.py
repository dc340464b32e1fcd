"""Inputs that can't work on the secured stack, each with the words of the message about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from confluent_kafka.admin import AclOperation, ResourceType

from tests.secured.access import (
    CLUSTER,
    CLUSTER_NAME,
    DELETE,
    DESCRIBE,
    DESCRIBE_CONFIGS,
    GROUP,
    LITERAL,
    OWN_TOPIC,
    PREFIXED,
    READ,
    TOPIC,
    Rule,
    denied,
)
from tests.secured.certificates import Authority
from tests.secured.place import write_private
from tests.secured.stack import PRINCIPAL, SecuredStack
from tests.secured.stand_in import stand_in

WRONG = "Wr0ng-P4ssword-7391"
"""In no message, as every other password."""


@dataclass(frozen=True)
class Change:
    """What differs from the right input: `-D` pairs and variables, which win."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(part for key, value in self.pairs.items() for part in ("-D", f"{key}={value}"))


@dataclass(frozen=True)
class Bench:
    """What bad inputs are made of."""

    stack: SecuredStack
    folder: Path
    stranger: Authority
    """An authority that nobody trusts."""
    open: ExitStack

    def client(self, **changes: str) -> str:
        """A client_config with other properties (`_` for `.`); an empty one is left out."""
        lines = self.stack.client_config.read_text().splitlines()
        pairs = dict(line.split("=", 1) for line in lines)
        pairs |= {key.replace("_", "."): value for key, value in changes.items()}
        text = "".join(f"{key}={value}\n" for key, value in pairs.items() if value)
        path = self.folder / f"client-{len(list(self.folder.iterdir()))}.properties"
        return str(write_private(path, text))

    def listener(self, name: str) -> str:
        return self.stack.brokers.bootstrap(name)

    def database(self, old: str, new: str) -> Change:
        """The right URI with a part replaced."""
        assert old in self.stack.database
        return Change({"database": self.stack.database.replace(old, new)})

    def served(self, certificate: Path | None, *, postgres: bool = False) -> int:
        return self.open.enter_context(stand_in(certificate, postgres=postgres))


@contextmanager
def bench(stack: SecuredStack, folder: Path) -> Iterator[Bench]:
    """Yields what is needed to make bad inputs; ends the servers among them."""
    with ExitStack() as opened:
        yield Bench(stack, folder, Authority(folder, "stranger"), opened)


NO_LOGIN = {"sasl_mechanism": "", "sasl_username": "", "sasl_password": ""}
Made = Callable[[Bench], Change]


def _kafka(b: Bench, listener: str = "CLIENTS", **changes: str) -> Change:
    """Other client properties, or another listener."""
    return Change({"client_config": b.client(**changes), "bootstrap": b.listener(listener)})


def _unknown_authority(b: Bench) -> Change:
    return _kafka(b, ssl_ca_location=str(b.stranger.file))


def _mutual(b: Bench, **certificate: Path) -> Change:
    files = {f"ssl_{part}_location": str(path) for part, path in certificate.items()}
    return _kafka(b, "MUTUAL", security_protocol="SSL", **NO_LOGIN, **files)


def _expired_client(b: Bench) -> Change:
    expired = b.stack.authority.pem("acceptance", expired=True)
    return _mutual(b, certificate=expired, key=expired)


def _strangers_client(b: Bench) -> Change:
    strange = b.stranger.pem("acceptance")
    return _mutual(b, certificate=strange, key=strange)


def _named(b: Bench) -> Change:
    return Change({"bootstrap": b.listener("CLIENTS").replace("127.0.0.1", "localhost")})


def _connect(b: Bench, url: str = "", **pairs: str) -> Change:
    return Change({"connect": url or b.stack.connect.url, **pairs})


def _connect_password(_: Bench) -> Change:
    return Change(environment={"KAFKA_VALIDATION_CONNECT_PASSWORD": WRONG})


def _connect_nobody(_: Bench) -> Change:
    empty = {"KAFKA_VALIDATION_CONNECT_USER": "", "KAFKA_VALIDATION_CONNECT_PASSWORD": ""}
    return Change(environment=empty)


def _connect_expired(b: Bench) -> Change:
    expired = b.stack.authority.pem("connect", expired=True)
    return _connect(b, f"https://127.0.0.1:{b.served(expired)}")


def _database_expired(b: Bench) -> Change:
    expired = b.stack.authority.pem("postgres", expired=True)
    port = b.served(expired, postgres=True)
    return b.database(f":{b.stack.postgres.port}/", f":{port}/")


def _database_plain(b: Bench) -> Change:
    port = b.served(None, postgres=True)
    return b.database(f":{b.stack.postgres.port}/", f":{port}/")


def _database_password(_: Bench) -> Change:
    return Change(environment={"PGPASSWORD": WRONG})


def _characters(b: Bench, password: str) -> Change:
    return b.database("acceptance@", f"acceptance:{password}@")


def _service(b: Bench) -> Change:
    missing = {"PGSERVICEFILE": str(b.folder / "no-such-file.conf")}
    return Change({"database": "service=orders"}, missing)


KAFKA: dict[str, Made] = {
    "wrong password": partial(_kafka, sasl_password=WRONG),
    "unknown user": partial(_kafka, sasl_username="nobody-of-that-name"),
    "mechanism PLAIN": partial(_kafka, sasl_mechanism="PLAIN"),
    "mechanism SCRAM-SHA-256": partial(_kafka, sasl_mechanism="SCRAM-SHA-256"),
    "unknown authority": _unknown_authority,
    "expired server": partial(_kafka, listener="EXPIRED"),
    "expired client": _expired_client,
    "stranger's client": _strangers_client,
    "no client certificate": _mutual,
    "hostname": _named,
    "plain to TLS": partial(_kafka, security_protocol="SASL_PLAINTEXT"),
    "no security at all": lambda b: Change(
        {"client_config": str(write_private(b.folder / "empty", ""))}
    ),
    "TLS to plain": partial(_kafka, listener="OPEN"),
    "no SASL": lambda b: _kafka(
        b, security_protocol="SSL", sasl_mechanism="", sasl_username="", sasl_password=""
    ),
}
CONNECT: dict[str, Made] = {
    "wrong password": _connect_password,
    "no login": _connect_nobody,
    "unknown authority": lambda b: _connect(b, connect_ca=str(b.stranger.file)),
    "expired server": _connect_expired,
    "hostname": lambda b: _connect(b, b.stack.connect.url.replace("127.0.0.1", "localhost")),
    "plain to TLS": lambda b: _connect(b, b.stack.connect.url.replace("https", "http")),
    "TLS to plain": lambda b: _connect(b, f"https://127.0.0.1:{b.served(None)}"),
}
DATABASE: dict[str, Made] = {
    "wrong password": _database_password,
    "unknown authority": lambda b: b.database(str(b.stack.authority.file), str(b.stranger.file)),
    "expired server": _database_expired,
    "hostname": lambda b: b.database("127.0.0.1", "localhost"),
    "plain to TLS": lambda b: b.database("sslmode=verify-full", "sslmode=disable"),
    "TLS to plain": _database_plain,
    "service file": _service,
    "character [": partial(_characters, password=f"{WRONG}["),
    "character #": partial(_characters, password=f"a#{WRONG}"),
    "character /": partial(_characters, password=f"a/{WRONG}"),
    "character ?": partial(_characters, password=f"a?{WRONG}"),
}


def _denied(b: Bench, resource: ResourceType, name: str, operation: AclOperation) -> Change:
    """One operation is denied to the suite's principal."""
    pattern = LITERAL if resource is CLUSTER else PREFIXED
    rule = Rule(resource, name, pattern, (operation,))
    b.open.enter_context(denied(b.stack.brokers.admin(), PRINCIPAL, rule))
    return Change()


OWN = "kafka-validation-"
PERMISSIONS: dict[str, Made] = {
    f"{operation.name} on {resource.name} {name}": partial(
        _denied, resource=resource, name=name, operation=operation
    )
    for resource, name, operations in (
        (CLUSTER, CLUSTER_NAME, (DESCRIBE_CONFIGS,)),
        (TOPIC, OWN, OWN_TOPIC),
        (GROUP, OWN, (READ, DESCRIBE, DELETE)),
    )
    for operation in operations
}
"""Without one of these the suite does not begin."""
