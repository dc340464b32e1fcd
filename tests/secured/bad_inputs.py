"""Inputs that can't work on the secured stack, each with the words of the message about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from confluent_kafka.admin import AclOperation, ResourceType

from tests.secured.access import (
    ALTER_CONFIGS,
    CLUSTER,
    CLUSTER_NAME,
    CREATE,
    DELETE,
    DESCRIBE,
    DESCRIBE_CONFIGS,
    GROUP,
    LITERAL,
    PREFIXED,
    READ,
    TOPIC,
    WRITE,
    Rule,
    denied,
)
from tests.secured.bench import WRONG, Bench, Change
from tests.secured.stack import PRINCIPAL

NO_LOGIN = {"sasl_mechanism": "", "sasl_username": "", "sasl_password": ""}
Made = Callable[[Bench], Change]


def _kafka(b: Bench, *, listener: str = "CLIENTS", **changes: str) -> Change:
    """Other client properties, or another listener."""
    return Change({"client_config": b.client(**changes), "bootstrap": b.listener(listener)})


def _unknown_authority(b: Bench) -> Change:
    return _kafka(b, ssl_ca_location=str(b.stranger.file))


def _mutual(b: Bench, **certificate: Path) -> Change:
    files = {f"ssl_{part}_location": str(path) for part, path in certificate.items()}
    return _kafka(b, listener="MUTUAL", security_protocol="SSL", **NO_LOGIN, **files)


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


@dataclass(frozen=True)
class BadInput:
    """How it is made, and the words of the message about it."""

    make: Made
    said: str


LOGIN = "a wrong user name or password"
OFFERED = "the listener offers other SASL mechanisms: SCRAM-SHA-512"
WANTS_CERTIFICATE = "the listener wants a certificate of the client (mTLS)"
CLIENT_REFUSED = "the broker does not accept the client's certificate"
NOT_TLS = "the listener speaks TLS, and this client does not"
SAFE = "percent-encode these characters of a password"

KAFKA = {
    "wrong password": BadInput(partial(_kafka, sasl_password=WRONG), LOGIN),
    "unknown user": BadInput(partial(_kafka, sasl_username="stranger"), LOGIN),
    "mechanism PLAIN": BadInput(partial(_kafka, sasl_mechanism="PLAIN"), OFFERED),
    "mechanism SCRAM-SHA-256": BadInput(partial(_kafka, sasl_mechanism="SCRAM-SHA-256"), OFFERED),
    "unknown authority": BadInput(
        _unknown_authority, "issued by an authority that this client does not trust"
    ),
    "expired server": BadInput(
        partial(_kafka, listener="EXPIRED"), "the broker's certificate is not valid now"
    ),
    "expired client": BadInput(_expired_client, CLIENT_REFUSED),
    "stranger's client": BadInput(_strangers_client, WANTS_CERTIFICATE),
    "no client certificate": BadInput(_mutual, WANTS_CERTIFICATE),
    "hostname": BadInput(_named, "certificate is not for the name in use: localhost"),
    "plain to TLS": BadInput(
        partial(_kafka, security_protocol="SASL_PLAINTEXT", ssl_ca_location=""), NOT_TLS
    ),
    "no security": BadInput(
        lambda b: _kafka(b, security_protocol="", ssl_ca_location="", **NO_LOGIN), NOT_TLS
    ),
    "TLS to plain": BadInput(
        partial(_kafka, listener="OPEN"), "this client speaks TLS, and the listener does not"
    ),
    "no SASL": BadInput(
        lambda b: _kafka(b, security_protocol="SSL", **NO_LOGIN),
        "the listener wants a login (SASL)",
    ),
}
CONNECT = {
    "wrong password": BadInput(
        _connect_password, "did not accept the user developer with this password"
    ),
    "no login": BadInput(_connect_nobody, "asks for a user and a password"),
    "unknown authority": BadInput(
        lambda b: _connect(b, connect_ca=str(b.stranger.file)), "unable to get local issuer"
    ),
    "expired server": BadInput(_connect_expired, "certificate has expired"),
    "hostname": BadInput(
        lambda b: _connect(b, b.stack.connect.url.replace("127.0.0.1", "localhost")),
        "use a host name in -D connect that the certificate contains",
    ),
    "plain to TLS": BadInput(
        lambda b: _connect(b, b.stack.connect.url.replace("https", "http")), "-D connect=https://"
    ),
    "TLS to plain": BadInput(
        lambda b: _connect(b, f"https://127.0.0.1:{b.served(None)}"), "does not speak TLS"
    ),
}
DATABASE = {
    "wrong password": BadInput(_database_password, "password authentication failed"),
    "unknown authority": BadInput(
        lambda b: b.database(str(b.stack.authority.file), str(b.stranger.file)),
        "unable to get local issuer certificate",
    ),
    "expired server": BadInput(_database_expired, "certificate has expired"),
    "hostname": BadInput(
        lambda b: b.database("127.0.0.1", "localhost"), 'does not match host name "localhost"'
    ),
    "plain to TLS": BadInput(
        lambda b: b.database("sslmode=verify-full", "sslmode=disable"),
        "admits this role and database from here only with TLS",
    ),
    "TLS to plain": BadInput(_database_plain, "the server offers no TLS"),
    "service file": BadInput(_service, "no-such-file.conf"),
    **{
        f"character {each}": BadInput(partial(_characters, password=f"a{each}{WRONG}"), SAFE)
        for each in "[#/?"
    },
}


def _denied(b: Bench, resource: ResourceType, name: str, operation: AclOperation) -> Change:
    """One operation is denied to the suite's principal."""
    pattern = LITERAL if resource is CLUSTER else PREFIXED
    rule = Rule(resource, name, pattern, (operation,))
    b.open.enter_context(denied(b.stack.brokers.admin(), PRINCIPAL, rule))
    return Change()


OWN = "kafka-validation-"
PERMISSIONS = {
    f"{operation.name} on {resource.name}": BadInput(
        partial(_denied, resource=resource, name=name, operation=operation), said
    )
    for resource, name, operation, said in (
        (CLUSTER, CLUSTER_NAME, DESCRIBE_CONFIGS, "allow DescribeConfigs on the cluster"),
        (TOPIC, OWN, CREATE, "allow Create and Describe on topics"),
        (TOPIC, OWN, DELETE, "allow Delete and Describe on topics"),
        (TOPIC, OWN, DESCRIBE, "allow Delete and Describe on topics"),
        (TOPIC, OWN, DESCRIBE_CONFIGS, "allow DescribeConfigs on topics"),
        (TOPIC, OWN, ALTER_CONFIGS, "allow AlterConfigs on topics"),
        (TOPIC, OWN, READ, "allow Read on topics"),
        (TOPIC, OWN, WRITE, "allow Write on topics"),
        (GROUP, OWN, READ, "allow Read on groups"),
        (GROUP, OWN, DESCRIBE, "allow Delete and Describe on groups"),
        (GROUP, OWN, DELETE, "allow Delete and Describe on groups"),
    )
}
"""Each is an operation of the suite's principal that is denied."""
