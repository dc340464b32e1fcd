"""Starts the containers of docker-compose.yml, takes over running ones, and removes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from support.baseline import Baseline
from support.clients.connect_address import ConnectAddress
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.interruption import uninterrupted
from support.progress import Progress
from support.settings import ROOT, Settings
from support.stack.addresses import DatabaseAddress, Endpoints
from support.stack.artefacts.fetch import fetch
from support.stack.artefacts.files import JOLOKIA
from support.stack.artefacts.lockfile import Lock
from support.stack.artefacts.platform import check_free_disk
from support.stack.compose.configuration import environment, write_baseline
from support.stack.compose.isolated import IsolatedContainers
from support.stack.compose.parts import SERVICES, ComposeParts
from support.stack.compose.project import ComposeProject
from support.stack.compose.startup import start_serving
from support.stack.database import DATABASE, ROLE
from support.stack.docker.engine import compose_command, connect_engine
from support.stack.leftovers import clean_after_killed_runs
from support.stack.listening import LOOPBACK, choose_port
from support.stack.state_file import StateFile, check_usable, started_with

PROJECT = f"kafka-validation-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}"
"""Named after this clone, so that two clones can use one engine."""

PASSWORD = "postgres"
"""The password of a database that listens on the loopback address and ends with the stack."""

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


class ComposeLauncher:
    """Owns the containers of one Compose project."""

    def __init__(self, settings: Settings, progress: Progress, project: str) -> None:
        self.settings, self._progress, self.name = settings, progress, project
        self._home = settings.home / "compose" / project
        self.state_file = StateFile(self._home / "stack.json")
        self._patience = timedelta(seconds=120 * settings.patience)
        self.ports: dict[str, int] = {}
        self.outlives_run = False
        self.versions: Mapping[str, str] = {}
        self.cdc_trouble: Exception | None = None
        self.ui_trouble = ""
        """The reason why there is no Kafka UI; empty if there is one."""
        self.parts: ComposeParts | None = None
        """The containers; None while the stack is not running."""
        self._isolated: IsolatedContainers | None = None

    @cached_property
    def baseline(self) -> Baseline:
        """The baseline, read on first use: a stack can be ended while a file of it is invalid."""
        return Baseline.load(self.settings.overrides)

    @property
    def endpoints(self) -> Endpoints:
        ports = self.ports
        database = DatabaseAddress.isolated(
            LOOPBACK, ports["postgres"], DATABASE, ROLE, PASSWORD, ("postgres", 5432)
        )
        connect = ConnectAddress(f"http://{LOOPBACK}:{ports['connect']}")
        return Endpoints(KafkaAddress(f"{LOOPBACK}:{ports['kafka']}"), connect, database)

    def running(self) -> ComposeParts:
        """The containers. Raises StackError while the stack is not running."""
        if self.parts is None:
            raise StackError("The stack of docker-compose.yml is not running.", then="make up")
        return self.parts

    def isolated(self) -> IsolatedContainers:
        """The isolated containers, which use the images and the network of the running ones."""
        if self._isolated is None:
            parts = self.running()
            images = {service: parts.image(service) for service in ("kafka", "connect")}
            self._isolated = IsolatedContainers(
                parts.project, self.settings, self._home, images, self._patience
            )
        return self._isolated

    # -- for a run -----------------------------------------------------------------------

    def start(self) -> None:
        """Starts it, or uses one that was left running. Raises StackError."""
        # Set first: even if taking the stack over fails, this run must not end it.
        self.outlives_run = self.state_file.read() is not None
        if self.find_running():
            self._take_over()
            return
        self.outlives_run = False
        check_free_disk(self._home, self.settings.min_free_disk)
        # The containers of a run that was killed would occupy the ports.
        self._bare_project().down()
        write_baseline(self.baseline, self._home / "baseline")
        self._prepare()
        try:
            with self._progress.phase("starting the containers"):
                self._start_all()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends what start() started, and all isolated containers."""
        isolated, self._isolated = self._isolated, None
        with uninterrupted():
            try:
                if isolated is not None:
                    isolated.close()
            finally:
                if self.parts is not None and not self.outlives_run:
                    self.parts.project.down()
                    self.parts = None
                    self.state_file.remove()

    # -- between commands (make up, make down) -------------------------------------------

    def leave_running(self) -> None:
        """Writes the state file, so that later commands use this stack instead of starting one."""
        self.state_file.write(self.ports, self._started_with(), ui_trouble=self.ui_trouble)

    def find_running(self) -> bool:
        """Takes over the containers of a stack that was left running; False if there are none."""
        state = self.state_file.read()
        if state is None:
            return False
        self.ports, self.ui_trouble = dict(state.ports), state.more["ui_trouble"]
        self._prepare()
        if self.running().project.exists():
            return True
        self.ports, self.parts = {}, None
        return False

    def take_down(self) -> list[str]:
        """Removes the containers of this clone. Returns the names of what was removed."""
        project = self._bare_project()
        there = project.exists()
        project.down()
        self.state_file.remove()
        return [f"the containers of {self.name}"] if there else []

    def fetch(self) -> Path:
        """The JMX agent, which is mounted into the containers; downloaded on first use."""
        settings = self.settings
        return fetch(Lock.read(JOLOKIA), settings.cache, settings.maven_mirror, self._progress)[0]

    def _take_over(self) -> None:
        """Raises StackError if the stack was started with other settings than those of this run."""
        state = self.state_file.read()
        assert state is not None
        then = 'make down ARGS="-D target=compose", then the same command again'
        try:
            check_usable(state, self._started_with(), self.running().ended(), then)
        except StackError:
            self.parts = None
            raise
        self.versions = self.running().versions()
        self._progress.say("using the stack that `make up` left running")
        clean_after_killed_runs(self.endpoints, self._progress)

    def _started_with(self) -> tuple[object, ...]:
        settings = self.settings
        return (
            settings.kafka_image,
            settings.connect_image,
            settings.postgres_image,
            settings.kafka_ui_image,
            *started_with(settings, self.baseline, USUAL_PORTS, self.ports),
        )

    # -- starting ------------------------------------------------------------------------

    def _bare_project(self) -> ComposeProject:
        """The project without its environment, which is not needed to remove it."""
        return ComposeProject(self.name, compose_command(), connect_engine(), {})

    def _prepare(self) -> None:
        """Chooses the ports if there are none yet, and describes the containers."""
        client, command = connect_engine(), compose_command()
        self.ports = self.ports or {
            name: choose_port(f"{name}_port", self.settings.port(name), usual)
            for name, usual in USUAL_PORTS.items()
        }
        variables = environment(
            self.settings, self.ports, self._home / "baseline", self.fetch(), PASSWORD
        )
        project = ComposeProject(self.name, command, client, variables)
        self.parts = ComposeParts(project, self._home, self.endpoints.kafka)

    def _start_all(self) -> None:
        parts = self.running()
        parts.project.up(list(SERVICES.values()))
        self.versions = parts.versions()
        self._start_ui()
        self.cdc_trouble = start_serving(
            parts,
            self.endpoints,
            self.baseline,
            self.settings.overrides.get("broker", {}),
            self._patience,
            self._progress,
        )

    def _start_ui(self) -> None:
        """Starts Kafka UI. Without it only its view of the lag is missing."""
        try:
            self.running().project.up([UI])
        except StackError as error:
            self.ui_trouble = error.what
            self._progress.say(f"Kafka UI is not available: {error.what}")
