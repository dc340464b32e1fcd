"""Starts the embedded stack, takes over one that was left running, and ends it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from support.baseline import Baseline
from support.errors import SettingsError, StackError
from support.interruption import uninterrupted
from support.progress import Progress
from support.removal import remove_each
from support.settings import Settings
from support.stack.artefacts.files import StackFiles, fetch_stack_files
from support.stack.artefacts.platform import check_free_disk, check_platform
from support.stack.artefacts.upgrades import after_upgrade, check_upgrade
from support.stack.embedded.isolated import FOLDER, IsolatedProcesses
from support.stack.embedded.parts import Parts, describe_parts
from support.stack.embedded.postgres import remove_temporary_place
from support.stack.embedded.versions import check_versions, chosen_versions
from support.stack.leftovers import clean_after_killed_runs
from support.stack.lifecycle import Component
from support.stack.listening import choose_port
from support.stack.processes.records import end_leftovers
from support.stack.serving import make_serve
from support.stack.state_file import StateFile, check_usable, started_with

USUAL_PORTS = {
    "kafka": 9092,
    "controller": 9093,
    "jmx": 8778,
    "connect": 8083,
    "postgres": 5432,
    "relayed": 9094,
    "relay": 9095,
}


class EmbeddedLauncher:
    """Owns the processes of the stack and everything below `.stack/`."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings = settings
        self._progress = progress
        self.home = settings.home
        self.records = self.home / "processes"
        self.state_file = StateFile(self.home / "stack.json")
        self.isolated = IsolatedProcesses(settings, self.home, self.records)
        self.outlives_run = False
        self.cdc_trouble: Exception | None = None
        self.parts: Parts | None = None
        """The processes; None while the stack is not running."""

    @cached_property
    def baseline(self) -> Baseline:
        """The baseline, read on first use: a stack can be ended while a file of it is invalid."""
        return Baseline.load(self.settings.overrides)

    @cached_property
    def files(self) -> StackFiles:
        """The files of the stack on this disk; downloaded and verified on first use."""
        return fetch_stack_files(self.settings, self._progress)

    @cached_property
    def files_after(self) -> StackFiles:
        """The files of the versions after an upgrade."""
        return fetch_stack_files(after_upgrade(self.settings), self._progress)

    def running(self) -> Parts:
        """The processes. Raises StackError while the stack is not running."""
        if self.parts is None:
            raise StackError("The embedded stack is not running.", then="make up")
        return self.parts

    # -- for a run -----------------------------------------------------------------------

    def start(self) -> None:
        """Starts it, or uses one that was left running. Raises StackError."""
        upgrades = bool(self.settings.kafka_to)
        if upgrades:
            check_upgrade(self.settings)
        if self._take_over():
            return
        check_platform()
        # An upgrade runs a second stack, on copies of its data.
        check_free_disk(self.home, self.settings.min_free_disk * (2 if upgrades else 1))
        if upgrades:
            # Downloaded here: no scenario should wait for it.
            _ = self.files_after
        self._report_ended(self._end_leftovers(keep=[]))
        try:
            with self._progress.phase("starting Kafka, Kafka Connect and PostgreSQL"):
                self._start_all()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends what start() started, and all isolated processes.

        What could not be ended does not keep the rest.
        """
        with uninterrupted():
            remove_each(self.isolated.close, self._close_parts)

    def _close_parts(self) -> None:
        parts, self.parts = self.parts, None
        if not self.outlives_run and parts is not None:
            parts.close()
            self.state_file.remove()

    # -- between commands (make up, make down) -------------------------------------------

    def leave_running(self) -> None:
        """Writes the state file, so that later commands use this stack instead of starting one."""
        self.state_file.write(
            self.running().ports, self._started_with(), **chosen_versions(self.settings)
        )

    def find_running(self) -> bool:
        """Takes over the processes of a stack that was left running; False if there is none."""
        state = self.state_file.read()
        if state is None:
            return False
        self.parts = self._describe(state.ports, self._readable_baseline())
        for process in self.parts.processes().values():
            process.adopt()
        return True

    def take_down(self) -> list[str]:
        """Ends everything that this clone has running. Returns the names of what was ended."""
        self.state_file.remove()
        ended = self._end_leftovers(keep=[])
        for part in ("broker", "postgres"):
            shutil.rmtree(self.home / part / "data", ignore_errors=True)
        remove_temporary_place()
        return ended

    def _take_over(self) -> bool:
        """find_running(), for a run. Raises StackError if that stack can't be used."""
        state = self.state_file.read()
        if state is None:
            return False
        # Set first: even if taking the stack over fails, this run must not end it.
        self.outlives_run = True
        check_versions(state.more, chosen_versions(self.settings))
        self.find_running()
        ended = [part.component.value for part in self.running().status() if part.state != "up"]
        try:
            then = "make down, then the same command again"
            check_usable(state, self._started_with(), ended, then)
        except StackError:
            self.parts = None
            raise
        self._report_ended(self._end_leftovers(keep=[which.value for which in Component]))
        self._progress.say("using the stack that `make up` left running")
        clean_after_killed_runs(self.running().endpoints, self._progress)
        return True

    def _report_ended(self, names: Sequence[str]) -> None:
        for name in names:
            self._progress.say(f"ended a leftover of an earlier run: {name}")

    def _end_leftovers(self, keep: list[str]) -> list[str]:
        """Ends recorded processes except those to keep; removes the folders of isolated ones."""
        ended = end_leftovers(self.records, keep)
        for folder in self.home.glob(f"{FOLDER}*"):
            shutil.rmtree(folder, ignore_errors=True)
        return ended

    def _started_with(self) -> tuple[object, ...]:
        settings = self.settings
        common = started_with(settings, self.baseline, USUAL_PORTS, self.running().ports)
        return (*chosen_versions(settings).items(), *common)

    # -- starting ------------------------------------------------------------------------

    def _start_all(self) -> None:
        ports = {
            name: choose_port(f"{name}_port", self.settings.port(name), usual)
            for name, usual in USUAL_PORTS.items()
        }
        self.parts = parts = self._describe(ports, self.baseline)
        parts.start(self.baseline.worker)
        self.cdc_trouble = make_serve(
            parts.broker,
            parts.connect.worker,
            parts.postgres.address,
            self.baseline,
            self.settings.overrides.get("broker", {}),
            timedelta(seconds=60 * self.settings.patience),
            self._progress,
        )

    def _readable_baseline(self) -> Baseline | None:
        try:
            return self.baseline
        except SettingsError:
            return None

    def _describe(self, ports: Mapping[str, int], baseline: Baseline | None) -> Parts:
        return describe_parts(self.settings, baseline, self.files, ports, self.records)
