"""The user's Kafka UI jar as a local process."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import requests

from support.clients.kafka_ui_address import KafkaUiAddress
from support.errors import NotInTime, SettingsError
from support.stack.embedded.jvm import Jvm
from support.stack.listening import LOOPBACK
from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until

HEAP = "256m"
CLUSTER = "kafka-validation"


class EmbeddedKafkaUi:
    """A Kafka UI that shows one cluster."""

    def __init__(
        self, folder: Path, port: int, jar: Path, jvm: Jvm, bootstrap: str, records: Path
    ) -> None:
        self.address = KafkaUiAddress(f"http://{LOOPBACK}:{port}")
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "KAFKA_CLUSTERS_0_NAME": CLUSTER,
            "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS": bootstrap,
            "SERVER_PORT": str(port),
            "SERVER_ADDRESS": LOOPBACK,
        }
        command = (str(jvm.java), f"-Xmx{HEAP}", "-jar", str(jar))
        self.process = Supervised(
            Recipe("kafka-ui", command, folder, folder / "kafka-ui.log", environment=environment),
            records,
        )

    def start(self, within: timedelta) -> None:
        """Starts it and waits until it is healthy. Raises SettingsError with its last log lines."""
        self.process.start()

        def healthy() -> bool:
            if not self.process.alive():
                raise self._not_started("it ended")
            answer = requests.get(f"{self.address.url}/actuator/health", timeout=5)
            return answer.ok

        try:
            wait_until(healthy, bool, within, "Kafka UI", tolerate=(requests.RequestException,))
        except NotInTime as error:
            raise self._not_started(str(error)) from error

    def close(self) -> None:
        self.process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _not_started(self, why: str) -> SettingsError:
        return SettingsError(
            "Kafka UI did not start.",
            seen=f"{why}\n{self.process.tail(8)}",
            wanted="a runnable jar of kafbat's Kafka UI for Java 21 or older (v1.0 to v1.4)",
            then="check -D kafka_ui_jar",
        )
