"""Change data capture (Feature 002): its topics, and the connector with a running task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.connect_address import ConnectAddress
from support.errors import NotInTime, SettingsError, StackError
from support.progress import Progress
from support.stack.addresses import DatabaseAddress
from support.stack.known_settings import (
    unknown_setting,
    unknown_to_connector,
    unknown_to_worker,
    worker_settings,
)
from support.waiting import wait_until

CONNECTOR = "kafka-validation"
"""The name under which the suite registers its connector."""

SINGLE = {"partitions": "1"}
OF_THE_DATABASE = "database."
"""The prefix of the connector's settings about the database's address and login."""


def create_cdc_topics(client: BrokerClient, baseline: Baseline) -> None:
    """Creates the topics of the captured tables, and the connector's own topics."""
    for topic in baseline.cdc_topics:
        client.create_topic(topic, baseline.topic)
    for topic in own_topics(baseline.connector["topic.prefix"]):
        client.create_topic(topic, {**baseline.topic, **SINGLE})


def own_topics(prefix: str) -> tuple[str, str]:
    """The topics of a connector's heartbeats and of logical messages (pg_logical_emit_message).

    Topics are not created automatically: without these two the connector's producer waits until
    its task fails, and no change arrives.
    """
    return f"__debezium-heartbeat.{prefix}", f"{prefix}.message"


def check_connector_settings(
    client: ConnectClient, baseline: Baseline, database: DatabaseAddress
) -> str:
    """Raises SettingsError for a key that the connector does not know, and for a value that
    Connect or the connector refuses.

    Returns why the connector can't use the database, which is no error of the settings; empty if it
    can.
    """
    unknown = unknown_to_connect(client, baseline)
    if unknown is not None:
        raise unknown
    refused = refused_by_connect(client, baseline, database)
    wrong = {key: why for key, why in refused.items() if not key.startswith(OF_THE_DATABASE)}
    if wrong:
        key, why = next(iter(wrong.items()))
        raise SettingsError(
            f"Kafka Connect refuses the connector's setting {key}.",
            seen=why,
            cause=f"a line in baseline/connector.json or a -D connector.{key} override",
        )
    return "; ".join(refused.values())


def unknown_to_connect(client: ConnectClient, baseline: Baseline) -> SettingsError | None:
    """The error about the first key that the connector does not know; None if it knows all."""
    known = client.known_settings(baseline.connector["connector.class"])
    unknown = unknown_to_connector(baseline.connector, known)
    errors = (unknown_setting("The connector", "connector", key, known) for key in unknown)
    return next(errors, None)


def refused_by_connect(
    client: ConnectClient, baseline: Baseline, database: DatabaseAddress
) -> dict[str, str]:
    """Setting -> why Connect or the connector refuses its value. Only validates.

    The connector connects to the database for it: its errors are those of OF_THE_DATABASE.
    """
    config = {**database.connector_settings, **baseline.connector, "name": CONNECTOR}
    return client.refused_settings(baseline.connector["connector.class"], config)


@dataclass(frozen=True)
class Worker:
    """A Kafka Connect worker: its address, whether it is alive, and its log."""

    address: ConnectAddress
    alive: Callable[[], bool]
    last_words: Callable[[], str]
    log: Callable[[], str]
    """Returns everything that it has logged."""

    @property
    def _client(self) -> ConnectClient:
        return ConnectClient(self.address)

    def run_connector(
        self, baseline: Baseline, database: DatabaseAddress, within: timedelta
    ) -> None:
        """Waits for the worker, registers the connector and waits until its task runs.

        Raises StackError, with the worker's last log lines, when that does not happen in time, and
        SettingsError for an override that the connector or the worker does not know.
        """
        config = {**database.connector_settings, **baseline.connector}
        plugin, client = config["connector.class"], self._client
        self._await(lambda: plugin in client.plugins(), within, f"plugin {plugin}")
        check_connector_settings(client, baseline, database)
        self._check_worker(baseline.worker)
        self._await(lambda: _put(client, config), within, "the connector's registration")
        self._await(lambda: self._running(client), within, "the connector's task to run")

    def await_answers(self, within: timedelta) -> None:
        """Waits until it answers. Raises StackError, with its last log lines, if it does not."""
        client = self._client
        self._await(lambda: bool(client.plugins()), within, "its plugins")

    def _running(self, client: ConnectClient) -> bool:
        state = client.state(CONNECTOR)
        if "FAILED" in (state.connector, *state.tasks):
            raise SettingsError(
                "The Debezium connector failed.", seen=state.trace[:1500], then="make logs"
            )
        return state.running

    def _await(self, observe: Callable[[], bool], within: timedelta, what: str) -> None:
        def alive_and_well() -> bool:
            if not self.alive():
                raise SettingsError(
                    "Kafka Connect ended while it started.",
                    seen="\n" + self.last_words(),
                    then="make logs",
                )
            return observe()

        try:
            wait_until(
                alive_and_well, bool, within, f"Kafka Connect: {what}", tolerate=(StackError,)
            )
        except NotInTime as error:
            raise StackError(
                f"Kafka Connect is not ready: {what}.",
                seen=f"{error}\n{self.last_words()}",
                then="make logs",
            ) from error

    def _check_worker(self, config: Mapping[str, str]) -> None:
        """Raises SettingsError for a key that the worker does not know, and therefore ignores."""
        known = worker_settings(self.log())
        # A log without its settings does not show which keys it knows.
        for key in unknown_to_worker(config, known) if known else ():
            raise unknown_setting("Kafka Connect's worker", "worker", key, known)


def _put(client: ConnectClient, config: Mapping[str, str]) -> bool:
    client.put_config(CONNECTOR, config)
    return True


def capture_trouble(
    worker: Worker,
    baseline: Baseline,
    database: DatabaseAddress,
    within: timedelta,
    progress: Progress,
) -> StackError | None:
    """Registers the connector. Returns the reason why it does not run, or None if it does.

    The run continues without it: scenarios about CDC promise the check "CDC topics carry events".
    """
    try:
        worker.run_connector(baseline, database, within)
    except StackError as error:
        progress.say(f"change data capture is not available: {error.what}")
        return error
    return None
