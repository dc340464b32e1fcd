"""A run of behave that is interrupted: how, when, and how long it takes to end."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread

from support import clock
from support.errors import NotInTime
from support.settings import ROOT
from support.waiting import wait_until
from tests.contract.running import BEHAVE

SCALED = ("-D", "scale=0.05", "-D", "patience=0.5")
END_WITHIN = timedelta(seconds=90)


@dataclass(frozen=True)
class Way:
    """How a run is ended. `again_s`: seconds until the signal is sent a second time."""

    signal: signal.Signals
    group: bool = False
    again_s: float | None = None

    @property
    def name(self) -> str:
        to = " to the group" if self.group else ""
        return f"{self.signal.name}{to}" + (", twice" if self.again_s is not None else "")


@dataclass(frozen=True)
class Interruption:
    """An interruption, `at_s` seconds after the start of the run or, with `ready`, of its stack."""

    place: str
    way: Way
    ready: bool
    at_s: float

    @property
    def name(self) -> str:
        since = "after the stack was ready" if self.ready else "after its start"
        return f"{self.way.name} {self.at_s:.1f} s {since}, {self.place}"


class Run:
    """A run of behave in a separate process group; `said` has the lines of its output."""

    def __init__(self, *arguments: str) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [*BEHAVE, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A shell starts background jobs with SIGINT ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def over(self) -> bool:
        return self.process.poll() is not None

    def ready(self) -> bool:
        return any("] ready after" in line or "[stack] ready after" in line for line in self.said)

    def send(self, way: Way) -> None:
        (os.killpg if way.group else os.kill)(self.process.pid, way.signal)

    def await_end(self, within: timedelta) -> bool:
        try:
            wait_until(self.over, bool, within, "the run to end")
        except NotInTime:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            return False
        self._reader.join(10)
        return True


def interrupt(what: Interruption) -> tuple[Run, bool, float]:
    """Runs and interrupts a scenario.

    Returns the run, whether it still ran at the interruption, and the seconds until it had ended.
    """
    run = Run(*SCALED, what.place)
    if what.ready:
        wait_until(lambda: run.ready() or run.over(), bool, timedelta(seconds=90), "the stack")
    due = clock.now_ns() + int(what.at_s * clock.NS_PER_S)
    wait_until(lambda: run.over() or clock.now_ns() > due, bool, timedelta(seconds=90), "the time")
    if run.over():
        return run, False, 0.0
    run.send(what.way)
    sent_ns = clock.now_ns()
    if what.way.again_s is not None:
        clock.pause(timedelta(seconds=what.way.again_s))
        if not run.over():
            run.send(what.way)
    ended = run.await_end(END_WITHIN)
    took_s = (clock.now_ns() - sent_ns) / clock.NS_PER_S
    return run, True, took_s if ended else float("inf")
