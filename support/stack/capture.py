"""Feature 002 on whatever runs it: the CDC topics, and the connector with a running task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.errors import NotInTime, SettingsError, StackError
from support.progress import Progress
from support.stack.known_settings import (
    nearest,
    unknown_to_connector,
    unknown_to_worker,
    worker_settings,
)
from support.stack.ports import CONNECTOR, DatabaseAddress
from support.waiting import wait_until

SINGLE = {"partitions": "1"}
OF_PLUGINS = ("allow.everyone.if.no.acl.found", "super.users", "listener.name.", "confluent.")
"""Beginnings of broker settings that only its plugins or listeners know: it does not list them."""

SECRET = (
    "password",
    "secret",
    "jaas.config",
    "keystore.key",
    "certificate.chain",
    "certificates",
    "master.key",
)
"""Ends of broker settings whose value it tells nobody."""


def create_cdc_topics(client: BrokerClient, baseline: Baseline) -> None:
    """Those of the captured tables, and those to which the connector writes besides."""
    for topic in baseline.cdc_topics:
        client.create_topic(topic, baseline.topic)
    for topic in own_topics(baseline.connector["topic.prefix"]):
        client.create_topic(topic, {**baseline.topic, **SINGLE})


def own_topics(prefix: str) -> tuple[str, str]:
    """Of a connector's heartbeat, and of logical messages (pg_logical_emit_message).

    Topics are never created by themselves: without them the connector's producer waits until its
    task fails, and no change gets through.
    """
    return f"__debezium-heartbeat.{prefix}", f"{prefix}.message"


def check_broker_settings(client: BrokerClient, overrides: Mapping[str, str]) -> None:
    """Kafka keeps quiet about a misspelt key: it shows as an entry without a value."""
    in_force = client.broker_config()
    for key in overrides:
        if key.startswith(OF_PLUGINS) or key.endswith(SECRET):
            continue
        if key not in in_force or in_force[key].value is None:
            known = frozenset(name for name, e in in_force.items() if e.value is not None)
            raise _unknown("Kafka", "broker", key, known, "broker setting")


def check_connector_settings(
    client: ConnectClient, baseline: Baseline, database: DatabaseAddress
) -> None:
    """Raises SettingsError for a name that the connector does not know, and for a value that
    Connect or the connector refuses."""
    plugin = baseline.connector["connector.class"]
    known = client.known_settings(plugin)
    for key in unknown_to_connector(baseline.connector, known):
        raise _unknown("The connector", "connector", key, known)
    config = {**baseline.connector, **database.connector_settings}
    refused = client.refused_settings(plugin, {**config, "name": CONNECTOR})
    # Whether the database answers is not a matter of settings, and is found out later.
    refused = {key: why for key, why in refused.items() if not key.startswith("database.")}
    if refused:
        key, why = next(iter(refused.items()))
        raise SettingsError(
            f"Kafka Connect refuses the connector's setting {key}.",
            seen=why,
            cause=f"a line in baseline/connector.json or a -D connector.{key} override",
        )


@dataclass(frozen=True)
class Worker:
    """A Kafka Connect worker: where it answers, whether it lives, and what it says."""

    url: str
    alive: Callable[[], bool]
    last_words: Callable[[], str]
    log: Callable[[], str]
    """All that it has logged."""

    @property
    def _client(self) -> ConnectClient:
        return ConnectClient(self.url)

    def run_connector(
        self, baseline: Baseline, database: DatabaseAddress, within: timedelta
    ) -> None:
        """Wait for the worker, register the connector and wait until its task runs.

        Raises StackError with the worker's last log lines, SettingsError for an override that
        the connector or the worker does not know.
        """
        config = {**baseline.connector, **database.connector_settings}
        plugin, client = config["connector.class"], self._client
        self._await(lambda: plugin in client.plugins(), within, f"plugin {plugin}")
        check_connector_settings(client, baseline, database)
        self._check_worker(baseline.worker)
        self._await(lambda: _put(client, config), within, "the connector's registration")
        self._await(lambda: self._running(client), within, "the connector's task to run")

    def await_answers(self, within: timedelta) -> None:
        """Raises StackError with the worker's last log lines when it does not come up."""
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
        """The worker says nothing about a key that it does not know: it just is not in force."""
        known = worker_settings(self.log())
        # Without a word in its log nothing is known about what is in force.
        for key in unknown_to_worker(config, known) if known else ():
            raise _unknown("Kafka Connect's worker", "worker", key, known)


def _put(client: ConnectClient, config: Mapping[str, str]) -> bool:
    client.put_config(CONNECTOR, config)
    return True


def _unknown(
    who: str, part: str, key: str, known: frozenset[str], what: str = "setting"
) -> SettingsError:
    near = nearest(key, known)
    return SettingsError(
        f"{who} has no {what} '{key}'.",
        then=f"did you mean -D {part}.{near}=...?" if near else "see baseline/",
    )


def capture_trouble(
    worker: Worker,
    baseline: Baseline,
    database: DatabaseAddress,
    within: timedelta,
    progress: Progress,
) -> StackError | None:
    """Why there is no change data capture; None when the connector runs. It is no reason to end:
    scenarios that claim CDC promise the check "CDC topics carry events"."""
    try:
        worker.run_connector(baseline, database, within)
    except StackError as error:
        progress.say(f"change data capture is not available: {error.what}")
        return error
    return None
