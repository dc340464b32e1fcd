"""The whole stack of another team: how it is started, and by which settings it is reached."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, TopicPartition

from support.stack.listening import LOOPBACK
from support.waiting import wait_until
from tests.secured.access import BILLING, CONNECT, SUITE, allow
from tests.secured.artefacts import fetch_files
from tests.secured.brokers import MECHANISM, SecuredBrokers
from tests.secured.certificates import Authority
from tests.secured.connect import DEVELOPER, OPERATOR, TOPICS, SecuredConnect
from tests.secured.place import new_folder, write_private
from tests.secured.postgres import DATABASE, SecuredPostgres

ROWS = 100 + 300 + 600
"""Rows of the captured tables, by shop.sql."""
PRINCIPAL, ROLE = "acceptance", "acceptance"
"""The suite's principal at Kafka, and its role in PostgreSQL."""
PASSWORDS = (
    *("acceptance@kafka", "connect@kafka"),
    *("postgres", "debezium", "acceptance"),
    *("operator", "developer"),
)
"""Users of the brokers, roles of PostgreSQL, and users of Connect's REST API."""
WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class SecuredStack:
    """The parts, the files that the suite is given, and its passwords."""

    folder: Path
    brokers: SecuredBrokers
    postgres: SecuredPostgres
    connect: SecuredConnect
    authority: Authority
    client_config: Path
    """librdkafka properties for SASL_SSL with SCRAM."""
    mutual_config: Path
    """librdkafka properties for SSL with a client certificate."""
    passwords: dict[str, str] = field(repr=False)
    """Name of PASSWORDS -> the password."""

    @property
    def database(self) -> str:
        """The URI of the database, without the password."""
        return (
            f"postgresql://{ROLE}@{LOOPBACK}:{self.postgres.port}/{DATABASE}"
            f"?sslmode=verify-full&sslrootcert={self.authority.file}"
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which the suite is given passwords."""
        return {
            "PGPASSWORD": self.passwords[ROLE],
            "KAFKA_VALIDATION_CONNECT_USER": DEVELOPER,
            "KAFKA_VALIDATION_CONNECT_PASSWORD": self.passwords[DEVELOPER],
        }

    def options(self, *, mutual: bool = False) -> tuple[str, ...]:
        """The `-D` pairs that attach the suite to this stack."""
        pairs = {
            "target": "attach",
            "bootstrap": self.brokers.bootstrap("MUTUAL" if mutual else "CLIENTS"),
            "client_config": self.mutual_config if mutual else self.client_config,
            "connect": self.connect.url,
            "connect_ca": self.authority.file,
            "worker_config": self.connect.worker_config,
            "database": self.database,
        }
        return tuple(part for key, value in pairs.items() for part in ("-D", f"{key}={value}"))


@contextmanager
def secured(brokers: int = 1) -> Iterator[SecuredStack]:
    """Starts the stack with captured rows; ends it, and removes its folder, on leaving the `with`.

    `brokers`: 1, or 3 of which one is the controller as well.
    """
    place = new_folder()
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, place, ignore_errors=True)
        stack = _describe(place, brokers)
        for part in (stack.postgres, stack.brokers, stack.connect):
            ending.callback(part.close)
        with ThreadPoolExecutor(1) as pool:
            roles = {name: stack.passwords[name] for name in ("debezium", ROLE)}
            database = pool.submit(stack.postgres.start, roles)
            _start_brokers(stack)
            database.result()
        _start_connect(stack)
        _consume(stack)
        yield stack


def _describe(place: Path, brokers: int) -> SecuredStack:
    files, authority = fetch_files(), Authority(place)
    passwords = {name: secrets.token_urlsafe(18) for name in PASSWORDS}
    return SecuredStack(
        place,
        SecuredBrokers(place, files, authority, brokers),
        SecuredPostgres(place, files.postgres, authority, passwords["postgres"]),
        SecuredConnect(place, files, authority),
        authority,
        place / "client.properties",
        place / "client-mutual.properties",
        passwords,
    )


def _start_brokers(stack: SecuredStack) -> None:
    """Starts them, with the access control lists and the two files for the suite's clients."""
    stack.brokers.start({name: stack.passwords[f"{name}@kafka"] for name in (PRINCIPAL, "connect")})
    admin = stack.brokers.admin()
    for principal, rules in ((PRINCIPAL, SUITE), ("connect", CONNECT), ("billing", BILLING)):
        allow(admin, principal, rules)
    trust = {"ssl.ca.location": str(stack.authority.file)}
    login = {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": MECHANISM,
        "sasl.username": PRINCIPAL,
        "sasl.password": stack.passwords[f"{PRINCIPAL}@kafka"],
    }
    write_client_config(stack.client_config, {**login, **trust})
    certificate = str(stack.authority.pem(PRINCIPAL))
    mutual = {"ssl.certificate.location": certificate, "ssl.key.location": certificate}
    write_client_config(stack.mutual_config, {"security.protocol": "SSL", **mutual, **trust})


def write_client_config(path: Path, pairs: Mapping[str, str]) -> Path:
    """Writes librdkafka properties, as `-D client_config` takes them."""
    return write_private(path, "".join(f"{key}={value}\n" for key, value in pairs.items()))


def _start_connect(stack: SecuredStack) -> None:
    """Starts Connect with the team's connector, and waits for the event of every row."""
    users = {OPERATOR: stack.passwords["operator"], DEVELOPER: stack.passwords[DEVELOPER]}
    stack.connect.start(
        stack.brokers.bootstrap(),
        stack.passwords["connect@kafka"],
        users,
        stack.passwords["debezium"],
    )
    stack.connect.register(stack.postgres.port)
    own = {"group.id": "-", "enable.auto.commit": "false"}
    reader = Consumer({**stack.brokers.admin_settings(), **own})
    try:
        wait_until(
            lambda: _events(reader),
            lambda seen: seen == ROWS,
            WITHIN,
            "the events of the snapshot",
            tolerate=(KafkaException, KeyError),
        )
    finally:
        reader.close()


def _events(reader: Consumer) -> int:
    """The number of events in the team's topics."""
    topics = reader.list_topics(timeout=5).topics
    partitions = [TopicPartition(topic, p) for topic in TOPICS for p in topics[topic].partitions]
    return sum(int(reader.get_watermark_offsets(each, timeout=5)[1]) for each in partitions)


def _consume(stack: SecuredStack) -> None:
    """Commits offsets of a consumer group of the team."""
    certificate = str(stack.authority.pem("billing"))
    own = {"ssl.certificate.location": certificate, "ssl.key.location": certificate}
    consumer = Consumer({**stack.brokers.admin_settings(), **own, "group.id": "billing"})
    try:
        consumer.commit(offsets=[TopicPartition(TOPICS[1], 0, 5)], asynchronous=False)
    finally:
        consumer.close()
