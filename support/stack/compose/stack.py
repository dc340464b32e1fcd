"""The compose target: the repository's docker-compose.yml, started and ended by the suite."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.database import Database
from support.clients.usage import Usage
from support.errors import StackError, Unavailable
from support.progress import Progress
from support.settings import ROOT, Settings
from support.stack.aside import Shape, StackAside
from support.stack.capture import Worker, capture_trouble, check_broker_settings, create_cdc_topics
from support.stack.compose.broker import ContainerBroker
from support.stack.compose.configuration import environment, write_baseline
from support.stack.compose.container import Container
from support.stack.compose.engine import compose_command, connect_engine
from support.stack.compose.network import ContainerNetwork
from support.stack.compose.project import ComposeProject
from support.stack.compose.spares import ComposeSpares
from support.stack.database import DATABASE, ROLE, prepare_database
from support.stack.embedded.fetch import fetch
from support.stack.embedded.files import JOLOKIA
from support.stack.embedded.lockfile import Lock
from support.stack.embedded.platform import check_free_disk
from support.stack.kept import KeptNote, check_usable, started_with
from support.stack.listening import LOOPBACK, choose_port
from support.stack.ports import (
    Component,
    DatabaseAddress,
    Endpoints,
    PartStatus,
    SpareBroker,
    SpareWorker,
)
from support.stack.relay import Relay
from support.waiting import wait_until

PROJECT = f"kafka-validation-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}"
"""Of this clone: two clones on one engine don't know of each other."""

PASSWORD = "postgres"
"""Of a database that listens on the loopback address and is removed with the stack."""

USUAL_PORTS = {
    "kafka": 9092, "jmx": 8778, "connect": 8083, "postgres": 5432, "relayed": 9094,
    "relay": 9095, "kafka_ui": 8081,
}  # fmt: skip
SERVICES = {Component.BROKER: "kafka", Component.CONNECT: "connect", Component.POSTGRES: "postgres"}
DATA = {Component.BROKER: ("/var/lib/kafka/data",),
        Component.POSTGRES: ("/var/lib/postgresql/data",)}  # fmt: skip
UI = "kafka-ui"


class ComposeStack:
    """Implements ports.Stack and the capabilities that containers have."""

    name = "compose"
    shared = False

    def __init__(self, settings: Settings, progress: Progress, project: str = PROJECT) -> None:
        self.baseline = Baseline.load(settings.overrides)
        self._settings, self._progress, self._name = settings, progress, project
        self._home = settings.home / "compose" / project
        self._note = KeptNote(self._home / "stack.json")
        self._patience = timedelta(seconds=120 * settings.patience)
        self._ports: dict[str, int] = {}
        self._project: ComposeProject | None = None
        self._parts: dict[Component, ContainerBroker] = {}
        self._beside: ComposeSpares | None = None
        self._adopted = False
        self._versions: Mapping[str, str] = {}
        self._cdc_trouble: Exception | None = None
        self._ui_trouble = ""

    # -- ports.Stack ---------------------------------------------------------------------

    @property
    def endpoints(self) -> Endpoints:
        ports = self._ports
        database = DatabaseAddress(
            LOOPBACK, ports["postgres"], DATABASE, ROLE, PASSWORD, ("postgres", 5432)
        )
        return Endpoints(
            f"{LOOPBACK}:{ports['kafka']}", f"http://{LOOPBACK}:{ports['connect']}", database
        )

    @property
    def versions(self) -> Mapping[str, str]:
        return self._versions

    def start(self) -> None:
        if self.find_running():
            self._adopt()
            return
        check_free_disk(self._home, self._settings.min_free_disk)
        # What a run that was killed left holds the ports.
        self._bare_project().down()
        write_baseline(self.baseline, self._home / "baseline")
        self._begin()
        try:
            with self._progress.phase("starting the containers"):
                self._start_all()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        beside, self._beside = self._beside, None
        try:
            if beside is not None:
                beside.close()
        finally:
            if self._project is not None and not self._adopted:
                self._project.down()
                self._project = None
                self._note.remove()

    def status(self) -> list[PartStatus]:
        ends = self.endpoints
        addresses = {
            Component.BROKER: ends.bootstrap,
            Component.CONNECT: ends.connect_url,
            Component.POSTGRES: f"{LOOPBACK}:{self._ports['postgres']}/{DATABASE}",
        }
        return [
            PartStatus(which, part.state(), addresses[which], part.pid or None)
            for which, part in self._containers().items()
        ]

    def cdc_trouble(self) -> Exception | None:
        return self._cdc_trouble

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> ContainerBroker:
        return self._part(Component.BROKER)

    def connect_worker(self) -> Container:
        return self._part(Component.CONNECT)

    def database_server(self) -> Container:
        return self._part(Component.POSTGRES)

    def broker_network(self) -> ContainerNetwork:
        find = partial(self._running().container, SERVICES[Component.BROKER])
        return ContainerNetwork(find, self.endpoints.bootstrap)

    def link(self) -> Relay:
        return Relay(self._ports["relay"], self._ports["relayed"], self.endpoints.bootstrap)

    def spare_broker(self, overrides: Mapping[str, str]) -> SpareBroker:
        return self._spares().broker({**self.baseline.broker, **overrides})

    def spare_worker(self, worker: Mapping[str, str]) -> SpareWorker:
        return self._spares().worker(worker, self._patience)

    def stack_aside(self, shape: Shape) -> StackAside:
        database = (self.endpoints.database, self.database_server())
        return self._spares().aside(shape, self.baseline, database, self._patience)

    def _spares(self) -> ComposeSpares:
        if self._beside is None:
            images = {service: self._image(service) for service in ("kafka", "connect")}
            self._beside = ComposeSpares(self._running(), self._settings, self._home, images)
        return self._beside

    def jmx_url(self) -> str:
        return f"http://{LOOPBACK}:{self._ports['jmx']}/jolokia/"

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        # The broker's listener for this host has the same address inside its container.
        heap = {"KAFKA_HEAP_OPTS": "-Xmx512m"}
        return self.broker().run(["kafka-run-class", main, *arguments], heap, within)

    def kafka_ui(self) -> str:
        if self._settings.kafka_ui:
            return self._settings.kafka_ui
        if self._ui_trouble:
            raise Unavailable(
                "There is no Kafka UI.", seen=self._ui_trouble,
                then="-D kafka_ui_image=NAME names an image that can be had",
            )  # fmt: skip
        return f"http://{LOOPBACK}:{self._ports['kafka_ui']}"

    def logs(self) -> Mapping[str, Path]:
        if self._project is None:
            return {}
        return {which.value: part.log for which, part in self._containers().items()}

    def usage(self) -> Mapping[Component, Usage]:
        parts = self._containers()
        with ThreadPoolExecutor(len(parts)) as pool:
            found = pool.map(lambda item: item[1].usage(DATA.get(item[0], ())), parts.items())
            seen = dict(zip(parts, found, strict=True))
        return {which: usage for which, usage in seen.items() if usage}

    # -- keeping it up between commands --------------------------------------------------

    def leave_running(self) -> None:
        self._note.write(self._ports, self._facts(), ui_trouble=self._ui_trouble)

    def find_running(self) -> bool:
        """Take over the containers of a stack left running; False without one."""
        kept = self._note.read()
        if kept is None:
            return False
        self._ports, self._ui_trouble = dict(kept.ports), kept.more["ui_trouble"]
        self._begin()
        if self._running().exists():
            return True
        self._ports, self._project = {}, None
        return False

    def _adopt(self) -> None:
        """Raises StackError when it was started with other settings than those of this run."""
        # Whatever comes of it: it is not ours to end.
        self._adopted = True
        kept = self._note.read()
        assert kept is not None
        ended = [part.component.value for part in self.status() if part.state != "up"]
        then = 'make down ARGS="-D target=compose", then the same command again'
        try:
            check_usable(kept, self._facts(), ended, then)
        except StackError:
            self._project = None
            raise
        self._note_versions()
        self._progress.say("using the stack that `make up` left running")

    def _facts(self) -> tuple[object, ...]:
        settings = self._settings
        shared = started_with(settings, self.baseline, USUAL_PORTS, self._ports)
        return (
            settings.kafka_image, settings.connect_image, settings.postgres_image,
            settings.kafka_ui_image, *shared,
        )  # fmt: skip

    def take_down(self) -> list[str]:
        project = self._bare_project()
        there = project.exists()
        project.down()
        self._note.remove()
        return [f"the containers of {self._name}"] if there else []

    def fetch(self) -> None:
        """What of ours is mounted into the containers."""
        self._agent()

    # -- starting ------------------------------------------------------------------------

    def _bare_project(self) -> ComposeProject:
        """To be ended: for that nothing needs to be known but its name."""
        return ComposeProject(self._name, compose_command(), connect_engine(), {})

    def _begin(self) -> None:
        client, command = connect_engine(), compose_command()
        self._ports = self._ports or {
            name: choose_port(f"{name}_port", self._settings.port(name), usual)
            for name, usual in USUAL_PORTS.items()
        }
        told = environment(
            self._settings, self._ports, self._home / "baseline", self._agent(), PASSWORD
        )
        self._project = ComposeProject(self._name, command, client, told)
        self._parts = {}

    def _start_all(self) -> None:
        project = self._running()
        project.up(list(SERVICES.values()))
        self._note_versions()
        self._start_ui()
        self._await_database()
        prepare_database(self._superuser(), self.baseline.schema_sql)
        self.broker().await_ready(self._patience)
        client = BrokerClient(self.endpoints.bootstrap)
        check_broker_settings(client, self._settings.overrides.get("broker", {}))
        create_cdc_topics(client, self.baseline)
        part = self.connect_worker()
        worker = Worker(
            self.endpoints.connect_url, part.alive, part.last_words,
            lambda: part.log.read_text(errors="replace"),
        )  # fmt: skip
        self._cdc_trouble = capture_trouble(
            worker, self.baseline, self.endpoints.database, self._patience, self._progress
        )

    def _start_ui(self) -> None:
        """Nothing but the lag's view depends on it."""
        try:
            self._running().up([UI])
        except StackError as error:
            self._ui_trouble = error.what
            self._progress.say(f"Kafka UI is not available: {error.what}")

    def _superuser(self) -> DatabaseAddress:
        return DatabaseAddress(LOOPBACK, self._ports["postgres"], "postgres", "postgres", PASSWORD)

    def _await_database(self) -> None:
        superuser, part = self._superuser(), self.database_server()

        def answers() -> bool:
            if not part.alive():
                raise StackError("PostgreSQL ended while it started.", seen=part.tail())
            return Database(superuser.conninfo).query("SELECT 1") == [(1,)]

        wait_until(answers, bool, self._patience, "PostgreSQL to answer",
                   tolerate=(psycopg.OperationalError,))  # fmt: skip

    def _containers(self) -> dict[Component, Container]:
        return {which: self._part(which) for which in SERVICES}

    def _part(self, which: Component) -> ContainerBroker:
        """Kept, because a part remembers when it was started."""
        if which not in self._parts:
            service = SERVICES[which]
            self._parts[which] = ContainerBroker(
                service, partial(self._running().container, service),
                self._home / f"{which.value}.log", self.endpoints.bootstrap,
            )  # fmt: skip
        return self._parts[which]

    def _note_versions(self) -> None:
        """Images as they are named, while there are containers that can be asked."""
        parts = {"kafka": "kafka", "debezium": "connect", "postgres": "postgres"}
        images = {name: self._image(service) for name, service in parts.items()}
        engine = str(self._running().client.version()["Version"])
        self._versions = {**images, "docker": engine}

    def _image(self, service: str) -> str:
        return str(self._running().container(service).attrs["Config"]["Image"])

    def _agent(self) -> Path:
        settings = self._settings
        return fetch(Lock.read(JOLOKIA), settings.cache, settings.maven_mirror, self._progress)[0]

    def _running(self) -> ComposeProject:
        if self._project is None:
            raise StackError("The stack of docker-compose.yml is not running.", then="make up")
        return self._project
