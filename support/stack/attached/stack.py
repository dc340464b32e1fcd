"""A stack that others run: it is inspected and used, and left as it was."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from confluent_kafka import KafkaException

from support import clock
from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.kafka_ui_address import KafkaUiAddress
from support.errors import Explained, RunInProgress, Unavailable
from support.progress import Progress
from support.runlock import RunLock
from support.settings import Settings
from support.stack.addresses import Endpoints
from support.stack.attached.address import database_address, reach_database
from support.stack.attached.broker_inspection import inspect_broker
from support.stack.attached.containers import NamedContainers
from support.stack.attached.fault_journal import FaultJournal
from support.stack.attached.healing import heal
from support.stack.attached.inspection import (
    inspect_connect,
    inspect_database,
    inspect_every_broker,
    inspect_team,
    server_version,
)
from support.stack.attached.kafka_address import kafka_address
from support.stack.attached.kafka_version import kafka_version
from support.stack.attached.lacks import LACKS
from support.stack.attached.looking import look_at
from support.stack.attached.meter import Meter
from support.stack.attached.tools import AttachedTools
from support.stack.attached.worker_file import worker_settings
from support.stack.leftovers import INSPECTION, READY, name_of_run, new_run_id
from support.stack.lifecycle import PartStatus
from support.stack.web_addresses import connect_address, kafka_ui_address

OF_THE_CLUSTER = "-1"
"""The replication factor that means the cluster's default (KIP-464, since Kafka 2.4)."""


def as_they_have_it(baseline: Baseline, settings: Settings) -> Baseline:
    """The baseline, adapted to a stack that others run.

    Topics get the cluster's default number of replicas, unless the user sets another one. The
    suite's connector gets the converters of the baseline's worker, whatever their worker uses. The
    settings of their worker are those in the file of `worker_config`; without it none are known.

    Raises SettingsError if that file can't be read.
    """
    topic = {**baseline.topic, "replication.factor": OF_THE_CLUSTER}
    converters = {key: value for key, value in baseline.worker.items() if ".converter" in key}
    return dataclasses.replace(
        baseline,
        topic={**topic, **settings.overrides.get("topic", {})},
        connector={**converters, **baseline.connector},
        worker=worker_settings(settings.worker_config),
    )


class AttachedStack:
    """A stack at given addresses; implements Stack and UserInterface."""

    name = "attach"
    shared = True
    outlives_run = True
    lacks: ClassVar = LACKS

    def __init__(
        self,
        settings: Settings,
        progress: Progress,
        journal: FaultJournal,
        *,
        with_containers: bool = False,
    ) -> None:
        """`with_containers`: if the settings name some. Raises StackError if one is missing."""
        self.baseline = as_they_have_it(Baseline.load(settings.overrides), settings)
        # Two runs on one stack must not delete each other's topics.
        self._run_id = new_run_id(clock.utc_now())
        ready = name_of_run(self._run_id, READY)
        self.endpoints = Endpoints(
            dataclasses.replace(kafka_address(settings), ready_topic=ready),
            connect_address(settings),
            database_address(settings),
            settings.team_connector,
        )
        self._settings, self._progress = settings, progress
        self._journal = journal
        self._named: NamedContainers | None = None
        if with_containers:
            self._named = NamedContainers(settings, journal, self.endpoints.kafka)
        self._found: list[str] = []
        self._tools = AttachedTools(settings, self.endpoints.kafka, progress)
        self._meter = Meter(settings.kafka_metrics)
        self._versions: dict[str, str] = {}
        self._ready_exists = False

    @property
    def versions(self) -> Mapping[str, str]:
        found = {f"found {n}": line for n, line in enumerate(self._found, 1)}
        return {**self._versions, **found}

    def start(self) -> None:
        """Heals what a killed run left broken, then inspects every part. Raises StackError.

        With the setting read_only it only asks every part for its version.
        """
        self.clean_tools()
        if self._settings.read_only:
            self.reach()
            self._report(look_at(self.endpoints))
        else:
            self._inspect()

    def clean_tools(self) -> None:
        """Ends Kafka's tools that a killed run of this clone left; removes their file of secrets.

        Only with the clone's lock.
        """
        self._tools.clean()

    def clean_tools_if_idle(self) -> None:
        """The same without the lock: nothing is done while a run of this clone is active."""
        lock = RunLock(self._settings.home)
        try:
            lock.take()
        except RunInProgress:
            return
        try:
            self.clean_tools()
        finally:
            lock.release()

    def _inspect(self) -> None:
        self._report(heal(self._journal, self.endpoints, self.baseline))
        self.reach()
        ends = self.endpoints
        for inspection in (
            inspect_database(ends.database),
            inspect_connect(ends.connect, self.baseline, ends.database),
            inspect_team(ends),
            inspect_broker(ends.kafka, self.baseline, name_of_run(self._run_id, INSPECTION)),
        ):
            self._report(inspection)
        plugin = self.baseline.connector["connector.class"]
        self._versions |= ConnectClient(ends.connect).versions(plugin)
        self._versions["postgres"] = server_version(ends.database)
        client = BrokerClient(ends.kafka)
        self._versions["kafka"] = kafka_version(client, client.broker_config())
        self._journal.brokers = client.brokers()
        self._ready_exists = True
        try:
            inspect_every_broker(ends.kafka)
            if self._named is not None:
                self._named.locate_broker()
            self._meter.open()
        except BaseException:
            self.stop()
            raise

    def reach(self) -> None:
        """Connects to the database, whose address then has what libpq used. Raises StackError."""
        database = reach_database(self.endpoints.database)
        self.endpoints = dataclasses.replace(self.endpoints, database=database)

    def _report(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._found.append(line)
            self._progress.say(line)

    def stop(self) -> None:
        """Deletes the one topic that all scenarios share; the others are deleted by then."""
        if not self._ready_exists:
            return
        kafka = self.endpoints.kafka
        try:
            BrokerClient(kafka).delete_topics([kafka.ready_topic])
            self._ready_exists = False
        except (KafkaException, Explained) as error:
            self._progress.say(f"the topic {kafka.ready_topic} is left: {error}; make clean-remote")

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        return self._tools.run(main, arguments, within)

    def status(self) -> list[PartStatus]:
        return []

    def cdc_trouble(self) -> Exception | None:
        return None

    def kafka_ui(self) -> KafkaUiAddress:
        if not self._settings.kafka_ui:
            raise Unavailable("There is no Kafka UI.", then="-D kafka_ui=URL")
        return kafka_ui_address(self._settings)
