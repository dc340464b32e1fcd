"""Brokers with TLS, SASL, client certificates and access control lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from support.clients.logfile import tail
from support.errors import NotInTime, StackError
from support.java_properties import write_properties
from support.stack.listening import LOOPBACK
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until
from tests.secured.artefacts import BRIEF, SecuredFiles
from tests.secured.certificates import Authority
from tests.secured.place import free_ports

CLUSTER_ID = "another-teams-cluster0"
MECHANISM = "SCRAM-SHA-512"
LISTENERS = {
    "CLIENTS": "SASL_SSL",
    "MUTUAL": "SSL",
    "OPEN": "SASL_PLAINTEXT",
    "EXPIRED": "SASL_SSL",
    "INTERNAL": "SSL",
}
"""CLIENTS and MUTUAL are those of the team. OPEN (no TLS) and EXPIRED (a certificate that expired)
are for tests of messages. INTERNAL is between brokers."""
DENIED = re.compile(
    r"Principal = User:(\S+) is Denied operation = (\w+) from .* on resource = (\S+)"
)
WITHIN = timedelta(seconds=60)
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class SecuredBrokers:
    """A cluster in KRaft mode; node 1 is the controller as well."""

    def __init__(self, folder: Path, files: SecuredFiles, authority: Authority, count: int) -> None:
        self._folder, self._files, self._authority = folder, files, authority
        self._records = folder / "processes"
        nodes = range(1, count + 1)
        self._ports = {
            n: dict(zip(LISTENERS, free_ports(len(LISTENERS)), strict=True)) for n in nodes
        }
        (self._control,) = free_ports(1)
        self._key = authority.pem("broker")
        # Kafka's controller looks up the name of its own address.
        self._internal = authority.pem("broker", "localhost")
        self._expired = authority.pem("broker", expired=True)
        self._admin = authority.pem("admin")
        self._nodes = {n: Supervised(self._recipe(n), self._records) for n in nodes}

    def bootstrap(self, listener: str = "CLIENTS") -> str:
        """Addresses of a listener, as `bootstrap.servers` takes them."""
        return ",".join(f"{LOOPBACK}:{ports[listener]}" for ports in self._ports.values())

    def admin(self) -> AdminClient:
        """A client that may do everything."""
        return AdminClient(self.admin_settings())

    def admin_settings(self) -> dict[str, str]:
        """The librdkafka properties of the principal `admin`."""
        return {
            "bootstrap.servers": self.bootstrap("MUTUAL"),
            "security.protocol": "SSL",
            "ssl.ca.location": str(self._authority.file),
            "ssl.certificate.location": str(self._admin),
            "ssl.key.location": str(self._admin),
            # Refused connections are expected while it starts.
            "log_level": "0",
        }

    def start(self, users: Mapping[str, str]) -> None:
        """Formats and starts every node, and waits until the cluster has all of them.

        `users`: name -> password. Raises StackError or NotInTime.
        """
        with ThreadPoolExecutor(len(self._nodes)) as pool:
            list(pool.map(partial(self._format, users), self._nodes))
        for node in self._nodes.values():
            node.start()
        client = self.admin()
        try:
            wait_until(
                lambda: self._brokers(client),
                lambda seen: seen == set(self._nodes),
                WITHIN,
                "every broker of the secured cluster",
                tolerate=(KafkaException,),
            )
        except NotInTime as error:
            logged = tail(self._home(1) / "broker.log", 60)
            raise StackError(
                "The secured cluster is not ready.", seen=f"{error}\n{logged}"
            ) from error

    def denied(self) -> Counter[tuple[str, str, str]]:
        """How often each (principal, operation, resource) was denied, by the brokers' logs."""
        logs = (self._home(node) / "broker.log" for node in self._nodes)
        return Counter(each for log in logs for each in DENIED.findall(log.read_text("utf-8")))

    def close(self) -> None:
        with ThreadPoolExecutor(len(self._nodes)) as pool:
            list(pool.map(lambda node: node.close(), self._nodes.values()))

    def _brokers(self, client: AdminClient) -> set[int]:
        for name, node in ((n, each) for n, each in self._nodes.items() if not each.alive()):
            raise StackError(f"The secured broker {name} ended.", seen=node.tail(30))
        return set(client.list_topics(timeout=2).brokers)

    def _home(self, node: int) -> Path:
        return self._folder / f"broker-{node}"

    def _recipe(self, node: int) -> Recipe:
        home = self._home(node)
        command = self._files.command(
            "kafka.Kafka", "server.properties", heap="512m", log="broker.log"
        )
        return Recipe(home.name, command, home, home / "broker.out")

    def _format(self, users: Mapping[str, str], node: int) -> None:
        home = self._home(node)
        home.mkdir()
        config = home / "server.properties"
        config.touch(mode=0o600)
        write_properties(config, self._properties(node))
        scram = [f"{MECHANISM}=[name={name},password={secret}]" for name, secret in users.items()]
        command = self._files.command(
            "kafka.tools.StorageTool",
            "format",
            *("-t", CLUSTER_ID, "-c", config.name),
            *(part for each in scram for part in ("--add-scram", each)),
            heap="128m",
            log="format.log",
            options=BRIEF,
        )
        done = run_to_end(f"format-{node}", command, home, self._records, WITHIN)
        if done.code != 0:
            raise StackError("A secured broker's folder can't be formatted.", seen=done.words)

    def _properties(self, node: int) -> dict[str, str]:
        clients = [f"{name}://{LOOPBACK}:{port}" for name, port in self._ports[node].items()]
        control = [f"CONTROLLER://{LOOPBACK}:{self._control}"] if node == 1 else []
        protocols = {**LISTENERS, "CONTROLLER": "SSL"}
        replicas = str(min(3, len(self._nodes)))
        return {
            "process.roles": "broker,controller" if control else "broker",
            "node.id": str(node),
            "controller.quorum.voters": f"1@{LOOPBACK}:{self._control}",
            "controller.listener.names": "CONTROLLER",
            "listeners": ",".join(clients + control),
            "advertised.listeners": ",".join(clients),
            "listener.security.protocol.map": ",".join(f"{n}:{p}" for n, p in protocols.items()),
            "inter.broker.listener.name": "INTERNAL",
            "log.dirs": "data",
            "offsets.topic.replication.factor": replicas,
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": replicas,
            "transaction.state.log.min.isr": "1",
            "default.replication.factor": replicas,
            "min.insync.replicas": "2" if len(self._nodes) > 2 else "1",
            "num.partitions": "2",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": "0",
            **self._security(),
        }

    def _security(self) -> dict[str, str]:
        """TLS, authentication and authorization."""
        certificates = {"CONTROLLER", "INTERNAL", "MUTUAL"}
        sasl = [name for name, protocol in LISTENERS.items() if protocol.startswith("SASL")]
        mechanism = MECHANISM.lower()
        keys = {"CLIENTS": self._key, "MUTUAL": self._key, "EXPIRED": self._expired}
        return {
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self._authority.file),
            **_keystore("", self._internal),
            **{k: v for n, key in keys.items() for k, v in _keystore(_listener(n), key).items()},
            **{f"{_listener(n)}ssl.client.auth": "required" for n in certificates},
            # The principal is the common name, without the rest of the distinguished name.
            "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/,DEFAULT",
            "sasl.enabled.mechanisms": MECHANISM,
            **{f"{_listener(n)}{mechanism}.sasl.jaas.config": SCRAM for n in sasl},
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:broker;User:admin",
        }


def _listener(name: str) -> str:
    """The prefix of a listener's settings."""
    return f"listener.name.{name.lower()}."


def _keystore(prefix: str, path: Path) -> dict[str, str]:
    return {f"{prefix}ssl.keystore.type": "PEM", f"{prefix}ssl.keystore.location": str(path)}
