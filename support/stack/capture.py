"""Feature 002 on whatever runs it: the CDC topics, and the connector with a running task."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.errors import NotInTime, SettingsError, StackError
from support.progress import Progress
from support.stack.ports import CONNECTOR, DatabaseAddress
from support.waiting import wait_until

FREE_PREFIXES = ("database.", "transforms", "predicates", "producer.", "errors.", "topic.creation.")
"""Settings that a connector takes without declaring each."""

HANDED_ON = ("producer.", "consumer.", "admin.", "key.converter.", "value.converter.",
             "header.converter.", "config.providers", "connector.client.")  # fmt: skip
"""Settings that the worker hands on to what it starts."""

SINGLE = {"partitions": "1"}
OF_PLUGINS = {"allow.everyone.if.no.acl.found", "super.users"}
"""Broker settings that only its authorizer knows: the broker does not list them."""


def create_cdc_topics(client: BrokerClient, baseline: Baseline) -> None:
    """Those of the captured tables, and that of the connector's heartbeat."""
    for topic in baseline.cdc_topics:
        client.create_topic(topic, baseline.topic)
    # Topics are never created by themselves: without this one the connector's producer
    # waits for it for ever, and no change gets through.
    heartbeat = f"__debezium-heartbeat.{baseline.connector['topic.prefix']}"
    client.create_topic(heartbeat, {**baseline.topic, **SINGLE})


def check_broker_settings(client: BrokerClient, overrides: Mapping[str, str]) -> None:
    """Kafka keeps quiet about a misspelt key: it shows as an entry without a value."""
    in_force = client.broker_config()
    for key in overrides:
        if key in OF_PLUGINS:
            continue
        if key not in in_force or in_force[key].value is None:
            known = frozenset(name for name, e in in_force.items() if e.value is not None)
            raise _unknown("Kafka", "broker", key, known, "broker setting")


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
        self._check_known(client.known_settings(plugin), baseline.connector)
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

    def _check_known(self, known: frozenset[str], config: Mapping[str, str]) -> None:
        for key in config:
            if key not in known and not key.startswith(FREE_PREFIXES):
                raise _unknown("The connector", "connector", key, known)

    def _check_worker(self, config: Mapping[str, str]) -> None:
        """The worker says nothing about a key that it does not know: it just is not in force."""
        known = frozenset(re.findall(r"^\t([\w.]+) = ", self.log(), re.MULTILINE))
        # Without a word in its log nothing is known about what is in force.
        for key in config if known else ():
            if key not in known and not key.startswith(HANDED_ON):
                raise _unknown("Kafka Connect's worker", "worker", key, known)


def _put(client: ConnectClient, config: Mapping[str, str]) -> bool:
    client.put_config(CONNECTOR, config)
    return True


def _unknown(
    who: str, part: str, key: str, known: frozenset[str], what: str = "setting"
) -> SettingsError:
    near = difflib.get_close_matches(key, known, 1)
    return SettingsError(
        f"{who} has no {what} '{key}'.",
        then=f"did you mean -D {part}.{near[0]}=...?" if near else "see baseline/",
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
