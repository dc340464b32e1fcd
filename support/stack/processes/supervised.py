"""Local processes that are started, recorded, paused and ended."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock

import psutil

from support import clock
from support.clients.logfile import tail
from support.errors import NotInTime, StackError
from support.interruption import uninterrupted
from support.settings import environment_for_children
from support.stack.processes.records import LAST_GRACE, lives, recorded, write_record
from support.waiting import wait_until

GRACE = timedelta(seconds=30)


@dataclass(frozen=True)
class Recipe:
    """How a process is started. `user`: another user, if root must not run it (PostgreSQL)."""

    name: str
    command: tuple[str, ...]
    folder: Path
    output: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    environment: Mapping[str, str] | None = None


class Supervised:
    """One process, which can be started and ended repeatedly. Implements PausableControl."""

    def __init__(self, recipe: Recipe, records: Path) -> None:
        self.recipe = recipe
        self.spawned_ns = 0
        self._record = records / f"{recipe.name}.json"
        self._popen: subprocess.Popen[bytes] | None = None
        self._process: psutil.Process | None = None
        self._spawning = Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.alive() else None

    @property
    def exit_code(self) -> int:
        """The exit code of a process that was started here and has ended; -1 if it is not known."""
        code = self._popen.poll() if self._popen is not None else None
        return -1 if code is None else code

    def alive(self) -> bool:
        if self._popen is not None:
            return self._popen.poll() is None
        return self._process is not None and lives(self._process)

    @property
    def incarnation(self) -> str:
        """Its process id and its start time; empty if it has ended."""
        if self._process is None or not self.alive():
            return ""
        return f"{self._process.pid} since {self._process.create_time()}"

    def seen(self) -> str:
        """Its present state in words, as the operating system reports it."""
        if self._process is None or not self.alive():
            return "its process is gone"
        return f"its process {self._process.pid} is {self._status()}"

    def start(self) -> None:
        """Starts it in a separate session, so that a Ctrl-C reaches the suite alone."""
        with self._spawning:
            if self._closed:
                raise StackError(f"{self.recipe.name} is being shut down; it is not started again.")
            self._record.parent.mkdir(parents=True, exist_ok=True)
            with self.recipe.output.open("ab") as output:
                self.spawned_ns = clock.now_ns()
                self._popen = subprocess.Popen(
                    self.recipe.command,
                    cwd=self.recipe.folder,
                    env=environment_for_children(self.recipe.environment or {}),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    user=self.recipe.user,
                )
                self._process = psutil.Process(self._popen.pid)
                write_record(self._record, self._process, int(self.recipe.stop_signal))

    def adopt(self) -> bool:
        """Takes over the recorded process of an earlier command; False if it is not alive."""
        self._process = recorded(self._record)
        self._popen = None
        return self._process is not None

    def stop(self, grace: timedelta = GRACE) -> bool:
        """Ends it gracefully; False if it did not end within the grace period and was killed."""
        if self._process is None:
            return True
        self._signal(self.recipe.stop_signal)
        try:
            self._await_end(grace)
        except NotInTime:
            self.kill()
            return False
        self._forget()
        return True

    def kill(self) -> None:
        """SIGKILL: a crash."""
        self._signal(signal.SIGKILL)
        self._await_end(GRACE)
        self._forget()

    def pause(self) -> None:
        """SIGSTOP: it stays alive, and does nothing."""
        self._signal(signal.SIGSTOP)
        wait_until(self.paused, bool, GRACE, f"{self.recipe.name} to stop")

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def paused(self) -> bool:
        return self.alive() and self._status() == psutil.STATUS_STOPPED

    def state(self) -> str:
        """up, paused or down."""
        return "paused" if self.paused() else "up" if self.alive() else "down"

    def _status(self) -> str:
        try:
            return str(self._process.status()) if self._process else ""
        except psutil.NoSuchProcess:
            return ""

    def close(self) -> None:
        """Ends it for good. A concurrent start fails, so that no process is left behind."""
        with self._spawning:
            self._closed = True
        with uninterrupted():
            self.stop(LAST_GRACE)

    def tail(self, lines: int = 15) -> str:
        """The last lines of its output."""
        return tail(self.recipe.output, lines)

    def _signal(self, which: signal.Signals) -> None:
        if self._process is not None and self.alive():
            try:
                self._process.send_signal(which)
            except psutil.NoSuchProcess:
                return

    def _await_end(self, within: timedelta) -> None:
        wait_until(
            lambda: not self.alive(),
            bool,
            within,
            f"{self.recipe.name} to end",
            every=timedelta(milliseconds=10),
        )

    def _forget(self) -> None:
        self._record.unlink(missing_ok=True)


def is_root() -> bool:
    return os.geteuid() == 0
