"""Kafka Connect with Debezium: HTTPS, basic auth, and a connector that the team registered."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import requests

from support.clients.logfile import tail
from support.errors import StackError
from support.java_properties import write_properties
from support.stack.listening import LOOPBACK
from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until
from tests.secured.artefacts import SecuredFiles
from tests.secured.brokers import MECHANISM
from tests.secured.certificates import Authority
from tests.secured.place import free_ports, write_private

EXTENSION = "org.apache.kafka.connect.rest.basic.auth.extension"
FILE_PROVIDER = "org.apache.kafka.common.config.provider.FileConfigProvider"
WITHIN = timedelta(seconds=60)
CONNECTOR = "shop-cdc"
CAPTURED = ("shop.customers", "shop.orders", "shop.order_items")
PREFIX = "prod"
TOPICS = tuple(f"{PREFIX}.{table}" for table in CAPTURED)
OPERATOR, DEVELOPER = "operator", "developer"
"""Users of the REST API: one of the team, and one that the suite is given."""


class SecuredConnect:
    """One worker. Its REST API wants TLS, a user and a password."""

    def __init__(self, folder: Path, files: SecuredFiles, authority: Authority) -> None:
        self._home, self._files, self._authority = folder / "connect", files, authority
        (self._port,) = free_ports(1)
        self.url = f"https://{LOOPBACK}:{self._port}"
        self.worker_config = self._home / "worker.properties"
        self._session = requests.Session()
        # ~/.netrc and proxies of the user's environment must not matter.
        self._session.trust_env = False
        self._session.verify = str(authority.file)
        login = f"-Djava.security.auth.login.config={self._home / 'login.conf'}"
        command = files.command(
            "org.apache.kafka.connect.cli.ConnectDistributed",
            "worker.properties",
            heap="512m",
            log="connect.log",
            options=(login,),
        )
        recipe = Recipe("connect", command, self._home, self._home / "connect.out")
        self._process = Supervised(recipe, folder / "processes")

    def start(
        self, bootstrap: str, broker_password: str, users: Mapping[str, str], database_password: str
    ) -> None:
        """Begins to start the worker. `users`: user of the REST API -> password."""
        self._home.mkdir()
        self._session.auth = (OPERATOR, users[OPERATOR])
        lines = "".join(f"{user}={secret}\n" for user, secret in users.items())
        write_private(self._home / "users.properties", lines)
        write_private(
            self._home / "login.conf",
            f"KafkaConnect {{ {EXTENSION}.PropertyFileLoginModule required\n"
            f'  file="{self._home / "users.properties"}"; }};\n',
        )
        write_private(self._home / "database.properties", f"password={database_password}\n")
        write_private(self.worker_config, "")
        worker = self._worker(bootstrap, broker_password, users[OPERATOR])
        write_properties(self.worker_config, worker)
        self._process.start()

    def register(self, database_port: int) -> None:
        """Waits for the worker, registers the team's connector, and waits until its task runs."""
        self._await(lambda: bool(self.get("connectors") == []), "to answer")
        done = self._session.put(
            f"{self.url}/connectors/{CONNECTOR}/config",
            json=self._connector(database_port),
            timeout=20,
        )
        if not done.ok:
            raise StackError("Connect refuses the team's connector.", seen=done.text)
        self._await(self._runs, "to run the team's connector")

    def get(self, path: str) -> object:
        """The answer to a GET request as JSON."""
        answer = self._session.get(f"{self.url}/{path}", timeout=10)
        answer.raise_for_status()
        return answer.json()

    def change(self, path: str) -> None:
        """A PUT request without a body."""
        self._session.put(f"{self.url}/{path}", timeout=10).raise_for_status()

    def close(self) -> None:
        self._process.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _runs(self) -> bool:
        status = self.get(f"connectors/{CONNECTOR}/status")
        assert isinstance(status, dict)
        return [task["state"] for task in status["tasks"]] == ["RUNNING"]

    def _await(self, observe: object, what: str) -> None:
        assert callable(observe)

        def alive_and_well() -> bool:
            if not self._process.alive():
                raise StackError("The secured Connect ended.", seen=self._last_words())
            return bool(observe())

        wait_until(
            alive_and_well,
            bool,
            WITHIN,
            f"the secured Connect {what}",
            tolerate=(requests.RequestException,),
        )

    def _last_words(self) -> str:
        return f"{tail(self._home / 'connect.log', 30)}\n{self._process.tail(8)}"

    def _worker(self, bootstrap: str, password: str, keystore_password: str) -> dict[str, str]:
        client = {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": MECHANISM,
            "sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required "
            f'username="connect" password="{password}";',
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self._authority.file),
        }
        every = {
            f"{part}{key}": value
            for part in ("", "producer.", "consumer.", "admin.")
            for key, value in client.items()
        }
        keystore = self._authority.pkcs12("connect", keystore_password)
        return {
            **every,
            "bootstrap.servers": bootstrap,
            "group.id": "prod-connect",
            **{f"{kind}.storage.topic": f"prod-connect-{kind}s" for kind in ("config", "offset")},
            "status.storage.topic": "prod-connect-status",
            **{
                f"{kind}.storage.replication.factor": "-1"
                for kind in ("config", "offset", "status")
            },
            **{f"{kind}.storage.partitions": "1" for kind in ("offset", "status")},
            "key.converter": "org.apache.kafka.connect.json.JsonConverter",
            "value.converter": "org.apache.kafka.connect.json.JsonConverter",
            "offset.flush.interval.ms": "1000",
            "listeners": self.url,
            "rest.advertised.host.name": LOOPBACK,
            "rest.advertised.port": str(self._port),
            "rest.advertised.listener": "https",
            "rest.extension.classes": f"{EXTENSION}.BasicAuthSecurityRestExtension",
            "listeners.https.ssl.keystore.location": str(keystore),
            "listeners.https.ssl.keystore.type": "PKCS12",
            "listeners.https.ssl.keystore.password": keystore_password,
            "listeners.https.ssl.key.password": keystore_password,
            "plugin.path": str(self._files.plugins),
            "plugin.discovery": "service_load",
            "config.providers": "file",
            "config.providers.file.class": FILE_PROVIDER,
            # A secret under a name that no list of words knows; this provider ignores it.
            "config.providers.file.param.pwd": keystore_password,
            "config.providers.file.param.login": keystore_password,
        }

    def _connector(self, database_port: int) -> dict[str, str]:
        secret = self._home / "database.properties"
        return {
            "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
            "plugin.name": "pgoutput",
            "topic.prefix": PREFIX,
            "slot.name": "shop_cdc",
            "publication.name": "shop_cdc",
            "publication.autocreate.mode": "disabled",
            "table.include.list": ",".join(CAPTURED),
            "database.hostname": LOOPBACK,
            "database.port": str(database_port),
            "database.dbname": "shopdb",
            "database.user": "debezium",
            "database.password": f"${{file:{secret}:password}}",
            "database.sslmode": "verify-full",
            "database.sslrootcert": str(self._authority.file),
            "topic.creation.default.replication.factor": "-1",
            "topic.creation.default.partitions": "2",
        }
