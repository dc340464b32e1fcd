"""The compose target: the repository's docker-compose.yml, started and ended by the suite."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from support.baseline import Baseline
from support.clients.usage import Usage
from support.errors import StackError, Unavailable
from support.interruption import uninterrupted
from support.progress import Progress
from support.settings import ROOT, Settings
from support.stack.artefacts.fetch import fetch
from support.stack.artefacts.files import JOLOKIA
from support.stack.artefacts.lockfile import Lock
from support.stack.artefacts.platform import check_free_disk
from support.stack.compose.broker import ContainerBroker
from support.stack.compose.configuration import environment, write_baseline
from support.stack.compose.isolated_parts import ComposeSpares
from support.stack.compose.parts import SERVICES, ComposeParts
from support.stack.compose.project import ComposeProject
from support.stack.compose.startup import make_serve
from support.stack.database import DATABASE, ROLE
from support.stack.docker.container import Container
from support.stack.docker.engine import compose_command, connect_engine
from support.stack.docker.network import ContainerNetwork
from support.stack.isolated import Shape, StackAside
from support.stack.leftovers import clean_after_killed_runs
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
from support.stack.state_file import KeptNote, check_usable, started_with

PROJECT = f"kafka-validation-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}"
"""Of this clone: two clones on one engine don't know of each other."""

PASSWORD = "postgres"
"""Of a database that listens on the loopback address and is removed with the stack."""

USUAL_PORTS = {
    "kafka": 9092,
    "jmx": 8778,
    "connect": 8083,
    "postgres": 5432,
    "relayed": 9094,
    "relay": 9095,
    "kafka_ui": 8081,
}
UI = "kafka-ui"
IN_ENGLISH = "-Duser.language=en -Duser.country=US"
"""For a JVM in a container, whatever its image is set to: what it prints is read by us."""


class ComposeStack:
    """Implements ports.Stack and the capabilities that containers have."""

    name = "compose"
    shared = False

    def __init__(self, settings: Settings, progress: Progress, project: str = PROJECT) -> None:
        self._settings, self._progress, self._name = settings, progress, project
        self._home = settings.home / "compose" / project
        self._note = KeptNote(self._home / "stack.json")
        self._patience = timedelta(seconds=120 * settings.patience)
        self._ports: dict[str, int] = {}
        self._parts: ComposeParts | None = None
        self._beside: ComposeSpares | None = None
        self.outlives_run = False
        self._versions: Mapping[str, str] = {}
        self._cdc_trouble: Exception | None = None
        self._ui_trouble = ""

    # -- ports.Stack ---------------------------------------------------------------------

    @cached_property
    def baseline(self) -> Baseline:
        """Read when it is asked for: to end a stack it is not needed, and may be invalid."""
        return Baseline.load(self._settings.overrides)

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
        # Before it is taken over: whatever comes of that, it is not ours to end.
        self.outlives_run = self._note.read() is not None
        if self.find_running():
            self._adopt()
            return
        self.outlives_run = False
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
        with uninterrupted():
            try:
                if beside is not None:
                    beside.close()
            finally:
                if self._parts is not None and not self.outlives_run:
                    self._parts.project.down()
                    self._parts = None
                    self._note.remove()

    def status(self) -> list[PartStatus]:
        ends = self.endpoints
        addresses = {
            Component.BROKER: ends.bootstrap,
            Component.CONNECT: ends.connect_url,
            Component.POSTGRES: f"{LOOPBACK}:{self._ports['postgres']}/{DATABASE}",
        }
        parts = self._running()
        return [
            PartStatus(which, parts[which].state(), address, parts[which].pid or None)
            for which, address in addresses.items()
        ]

    def cdc_trouble(self) -> Exception | None:
        return self._cdc_trouble

    # -- capabilities --------------------------------------------------------------------

    def broker(self) -> ContainerBroker:
        return self._running()[Component.BROKER]

    def connect_worker(self) -> Container:
        return self._running()[Component.CONNECT]

    def database_server(self) -> Container:
        return self._running()[Component.POSTGRES]

    def broker_network(self) -> ContainerNetwork:
        return self._running().network()

    def broker_incarnation(self) -> str:
        return self.broker().incarnation

    def broker_last_words(self) -> str:
        return self.broker().last_words()

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
            parts = self._running()
            images = {service: parts.image(service) for service in ("kafka", "connect")}
            self._beside = ComposeSpares(parts.project, self._settings, self._home, images)
        return self._beside

    def jmx_url(self) -> str:
        return f"http://{LOOPBACK}:{self._ports['jmx']}/jolokia/"

    def run_tool(self, main: str, arguments: Sequence[str], within: timedelta) -> str:
        # The broker's listener for this host has the same address inside its container.
        java = {"KAFKA_HEAP_OPTS": "-Xmx512m", "KAFKA_OPTS": IN_ENGLISH, "JAVA_TOOL_OPTIONS": ""}
        return self.broker().run(["kafka-run-class", main, *arguments], java, within)

    def kafka_ui(self) -> str:
        if self._settings.kafka_ui:
            return self._settings.kafka_ui
        if self._ui_trouble:
            raise Unavailable(
                "There is no Kafka UI.",
                seen=self._ui_trouble,
                then="-D kafka_ui_image=NAME names an image that can be had",
            )
        return f"http://{LOOPBACK}:{self._ports['kafka_ui']}"

    def logs(self) -> Mapping[str, Path]:
        return self._parts.logs() if self._parts is not None else {}

    def usage(self) -> Mapping[Component, Usage]:
        return self._running().usage()

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
        if self._running().project.exists():
            return True
        self._ports, self._parts = {}, None
        return False

    def _adopt(self) -> None:
        """Raises StackError when it was started with other settings than those of this run."""
        kept = self._note.read()
        assert kept is not None
        then = 'make down ARGS="-D target=compose", then the same command again'
        try:
            check_usable(kept, self._facts(), self._running().ended(), then)
        except StackError:
            self._parts = None
            raise
        self._versions = self._running().versions()
        self._progress.say("using the stack that `make up` left running")
        clean_after_killed_runs(self.endpoints, self._progress)

    def _facts(self) -> tuple[object, ...]:
        settings = self._settings
        shared = started_with(settings, self.baseline, USUAL_PORTS, self._ports)
        return (
            settings.kafka_image,
            settings.connect_image,
            settings.postgres_image,
            settings.kafka_ui_image,
            *shared,
        )

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
        project = ComposeProject(self._name, command, client, told)
        self._parts = ComposeParts(project, self._home, self.endpoints.bootstrap)

    def _start_all(self) -> None:
        parts = self._running()
        parts.project.up(list(SERVICES.values()))
        self._versions = parts.versions()
        self._start_ui()
        self._cdc_trouble = make_serve(
            parts,
            self.endpoints,
            self.baseline,
            self._settings.overrides.get("broker", {}),
            self._patience,
            self._progress,
        )

    def _start_ui(self) -> None:
        """Nothing but the lag's view depends on it."""
        try:
            self._running().project.up([UI])
        except StackError as error:
            self._ui_trouble = error.what
            self._progress.say(f"Kafka UI is not available: {error.what}")

    def _agent(self) -> Path:
        settings = self._settings
        return fetch(Lock.read(JOLOKIA), settings.cache, settings.maven_mirror, self._progress)[0]

    def _running(self) -> ComposeParts:
        if self._parts is None:
            raise StackError("The stack of docker-compose.yml is not running.", then="make up")
        return self._parts
