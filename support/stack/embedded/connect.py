"""Kafka Connect with the Debezium plugin as a local process, and its connector."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from support.baseline import Baseline, write_properties
from support.clients.connect import ConnectClient, ConnectorState
from support.errors import NotInTime, SettingsError, StackError
from support.stack.embedded.jvm import Jvm
from support.stack.embedded.listening import LOOPBACK
from support.stack.embedded.processes import Recipe, Supervised, tail
from support.stack.ports import CONNECTOR, DatabaseAddress
from support.waiting import wait_until

FREE_PREFIXES = ("database.", "transforms", "predicates", "producer.", "errors.", "topic.creation.")
"""Settings that a connector takes without declaring each."""

HANDED_ON = ("producer.", "consumer.", "admin.", "key.converter.", "value.converter.",
             "header.converter.", "config.providers", "connector.client.")  # fmt: skip
"""Settings that the worker hands on to what it starts."""


class EmbeddedConnect:
    """One worker. Started beside the broker; it retries until the broker is there."""

    def __init__(
        self, folder: Path, port: int, heap: str, jvm: Jvm, plugins: Path, records: Path
    ) -> None:
        """The folder's name is that of the process record too."""
        self.url = f"http://{LOOPBACK}:{port}"
        self.log = folder / "connect.log"
        self._port = port
        self._folder = folder
        self._plugins = plugins
        self._config = folder / "worker.properties"
        self._client = ConnectClient(self.url)
        self.process = Supervised(
            Recipe(
                folder.name,
                jvm.command(
                    "org.apache.kafka.connect.cli.ConnectDistributed",
                    [str(self._config)],
                    heap=heap,
                    log=self.log,
                ),
                folder,
                folder / "connect.out",
            ),
            records,
        )

    def start(self, worker: Mapping[str, str], bootstrap: str) -> None:
        """Begin to start the worker."""
        self._folder.mkdir(parents=True, exist_ok=True)
        own = {
            "bootstrap.servers": bootstrap,
            "listeners": self.url,
            "rest.advertised.host.name": LOOPBACK,
            "rest.advertised.port": str(self._port),
            "plugin.path": str(self._plugins),
        }
        write_properties(self._config, {**worker, **own})
        self.process.start()

    def run_connector(
        self, baseline: Baseline, database: DatabaseAddress, within: timedelta
    ) -> None:
        """Wait for the worker, register the connector and wait until its task runs.

        Raises StackError with the worker's last log lines, SettingsError for an override that
        the connector or the worker does not know.
        """
        config = {**baseline.connector, **database.connector_settings}
        plugin = config["connector.class"]
        self._await_answer(lambda: plugin in self._client.plugins(), within, f"plugin {plugin}")
        self._check_known(plugin, baseline.connector)
        self._check_worker(baseline.worker)
        self._await_answer(lambda: self._put(config), within, "the connector's registration")
        self._await_answer(self._running, within, "the connector's task to run")

    def await_answers(self, within: timedelta) -> None:
        """Raises StackError with the worker's last log lines when it does not come up."""
        self._await_answer(lambda: bool(self._client.plugins()), within, "its plugins")

    def close(self) -> None:
        """End it for good and remove its folder."""
        self.process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _put(self, config: Mapping[str, str]) -> bool:
        self._client.put_config(CONNECTOR, config)
        return True

    def _running(self) -> bool:
        state: ConnectorState = self._client.state(CONNECTOR)
        if "FAILED" in (state.connector, *state.tasks):
            raise SettingsError(
                "The Debezium connector failed.",
                seen=state.trace[:1500],
                then=f"read {self.log}",
            )
        return state.running

    def _await_answer(self, observe: Callable[[], bool], within: timedelta, what: str) -> None:
        def alive_and_well() -> bool:
            if not self.process.alive():
                raise SettingsError(
                    "Kafka Connect ended while it started.",
                    seen="\n" + tail(self.log, 10) + "\n" + self.process.tail(8),
                    then=f"read {self.log}",
                )
            return observe()

        try:
            wait_until(
                alive_and_well, bool, within, f"Kafka Connect: {what}", tolerate=(StackError,)
            )
        except NotInTime as error:
            raise StackError(
                f"Kafka Connect is not ready: {what}.",
                seen=f"{error}\n{tail(self.log, 10)}",
                then=f"read {self.log}",
            ) from error

    def _check_known(self, plugin: str, config: Mapping[str, str]) -> None:
        known = self._client.known_settings(plugin)
        for key in config:
            if key in known or key.startswith(FREE_PREFIXES):
                continue
            near = difflib.get_close_matches(key, known, 1)
            raise SettingsError(
                f"The connector has no setting '{key}'.",
                then=f"did you mean -D connector.{near[0]}=...?" if near else "see baseline/",
            )

    def _check_worker(self, config: Mapping[str, str]) -> None:
        """The worker says nothing about a key that it does not know: it just is not in force."""
        known = set(re.findall(r"^\t([\w.]+) = ", self.log.read_text(), re.MULTILINE))
        for key in config:
            if key in known or key.startswith(HANDED_ON):
                continue
            near = difflib.get_close_matches(key, known, 1)
            raise SettingsError(
                f"Kafka Connect's worker has no setting '{key}'.",
                then=f"did you mean -D worker.{near[0]}=...?" if near else "see baseline/",
            )
