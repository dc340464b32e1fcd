"""Local processes that are started, recorded, ended, and found again by a later run.

Each process is recorded with its pid and start time, so that after a `kill -9` of the suite the
next run finds what was left, and ends nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock

import psutil

from support import clock
from support.errors import NotInTime, StackError
from support.interruption import uninterrupted
from support.settings import environment_for_children
from support.waiting import wait_until

GRACE = timedelta(seconds=30)
LAST_GRACE = timedelta(seconds=4)
"""For a process whose data is not needed any more; it is killed afterwards."""

START_TIME_TOLERANCE_S = 0.5


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
        return self._process is not None and _lives(self._process)

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
        """Start it in a separate session, so that a Ctrl-C reaches the suite alone."""
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
                self._record.write_text(
                    json.dumps(
                        {
                            "pid": self._process.pid,
                            "create_time": self._process.create_time(),
                            "stop_signal": int(self.recipe.stop_signal),
                        }
                    )
                )

    def adopt(self) -> bool:
        """Take over the recorded process of an earlier command; False if it is not alive."""
        self._process = recorded(self._record)
        self._popen = None
        return self._process is not None

    def stop(self, grace: timedelta = GRACE) -> bool:
        """End it gracefully; False if it did not end within the grace period and was killed."""
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
        """End it for good. A concurrent start fails, so that no process is left behind."""
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


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a text file, or the reason why there are none."""
    if not path.is_file():
        return f"({path.name} was never written)"
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 64_000))
        text = stream.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:]) or f"({path.name} is empty)"


def recorded(record: Path) -> psutil.Process | None:
    """The recorded process; None if it has ended, or if another process has its pid now."""
    try:
        entry = json.loads(record.read_text())
        process = psutil.Process(entry["pid"])
        same = abs(process.create_time() - entry["create_time"]) < START_TIME_TOLERANCE_S
    except (OSError, ValueError, KeyError, psutil.Error):
        return None
    return process if same and _lives(process) else None


def end_leftovers(records: Path, keep: Collection[str] = ()) -> list[str]:
    """End every recorded process that is alive, except those to `keep`. Returns their names.

    Their data is not needed any more, so the grace period is short.
    """
    paths = [record for record in sorted(records.glob("*.json")) if record.stem not in keep]
    found = {record: recorded(record) for record in paths}
    living = {record.stem: process for record, process in found.items() if process is not None}
    for name, process in living.items():
        with suppress(psutil.NoSuchProcess):
            process.send_signal(json.loads((records / f"{name}.json").read_text())["stop_signal"])
    for process in psutil.wait_procs(list(living.values()), LAST_GRACE.total_seconds())[1]:
        # It may end by itself at this moment.
        with suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(10)
    for record in found:
        record.unlink(missing_ok=True)
    return [f"{name} (pid {process.pid})" for name, process in living.items()]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_root() -> bool:
    return os.geteuid() == 0
