"""Interrupts runs at random, and looks at what they leave.

    python -m tests.contract.interruptions [--seed 1] [--count 100] [--stack own|kept|both]

Each takes a scenario of any feature, a moment and a way to end it: SIGINT, SIGTERM, one of them
twice, SIGKILL; to the process, or to its group as a terminal does. The next run shows that the
next command works. Exit code 1 when anything is wrong; the output of such a run is kept in
`.stack/interruptions/`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from behave.parser import parse_file

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.readiness import READY_TOPIC
from support.errors import NotInTime
from support.progress import Progress
from support.settings import ROOT, Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.leftovers import left_pipelines, of_runs
from support.waiting import wait_until
from tests.contract.running import (
    BEHAVE,
    MODULE,
    REPORTS,
    recorded_processes,
    small_disks,
    stack_processes,
)

SCALED = ("-D", "scale=0.05", "-D", "patience=0.5")
ANY = ("--name", "At-least-once settings")
START, LONGEST_S, END_WITHIN = 0.25, 15.0, timedelta(seconds=90)
"""Share of the interruptions that fall into the start; of the others, seconds after it."""
SETTLED = timedelta(seconds=20)
"""Until processes that end with their parent's pipe have ended."""


@dataclass(frozen=True)
class Way:
    """How a run is ended; `again_s`: once more so much later."""

    signal: signal.Signals
    group: bool = False
    again_s: float | None = None

    @property
    def name(self) -> str:
        to = " to the group" if self.group else ""
        return f"{self.signal.name}{to}" + (", twice" if self.again_s is not None else "")


WAYS = (
    Way(signal.SIGINT), Way(signal.SIGINT, group=True), Way(signal.SIGTERM),
    Way(signal.SIGTERM, group=True), Way(signal.SIGINT, again_s=0.3),
    Way(signal.SIGINT, group=True, again_s=1.5), Way(signal.SIGTERM, again_s=3.0),
    Way(signal.SIGKILL), Way(signal.SIGKILL, group=True),
)  # fmt: skip


@dataclass(frozen=True)
class Interruption:
    """`at_s` after the start of the run, or, `ready`, after the stack was ready."""

    place: str
    way: Way
    ready: bool
    at_s: float

    @property
    def name(self) -> str:
        since = "after the stack was ready" if self.ready else "after its start"
        return f"{self.way.name} {self.at_s:.1f} s {since}, {self.place}"


def places() -> list[str]:
    """File and line of every scenario."""
    found: list[str] = []
    for path in sorted((ROOT / "features").rglob("*.feature")):
        scenarios = parse_file(str(path)).walk_scenarios()
        found += [
            f"{path.relative_to(ROOT)}:{each.location.line}"
            for each in scenarios
            if "wip" not in each.effective_tags
        ]
    return found


def interruptions(seed: int) -> Iterator[Interruption]:
    """Without an end; the same for the same seed."""
    chance, where = random.Random(seed), places()
    while True:
        ready = chance.random() > START
        at_s = chance.uniform(0, LONGEST_S if ready else 10)
        yield Interruption(chance.choice(where), chance.choice(WAYS), ready, at_s)


class Run:
    """A run of behave in a process group of its own, whose output is kept."""

    def __init__(self, *arguments: str) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [*BEHAVE, *arguments],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
            # A shell starts jobs in the background with this one ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
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
    """The run, whether it was interrupted before its end, and how long it took to end then."""
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


def wrong(what: Interruption, run: Run, took_s: float, *, kept: bool) -> list[str]:
    """What is not as it should be after an interrupted run."""
    found = []
    killed = what.way.signal is signal.SIGKILL
    if took_s == float("inf"):
        found.append(f"it did not end within {END_WITHIN.total_seconds():g} s")
    elif not killed and run.process.returncode == 0 and not had_ended():
        found.append("exit code 0")
    if latest_verdict() == "PASS" and not had_ended():
        found.append("run.json says PASS")
    if not kept:
        if killed:
            code, told = command("down")
            found += [f"make down ended with {code}: {told[-300:]}"] * bool(code)
        found += still_there()
    else:
        found += wrong_on_kept_stack(killed=killed)
    return found


def had_ended() -> bool:
    """Whether the newest run had its result before it was interrupted: that stands."""
    run = newest()
    return bool(run) and not run.get("trouble") and (run_folder() / "delivery.md").is_file()


def run_folder() -> Path:
    return max(REPORTS.glob("2*"), default=REPORTS)


def newest() -> dict[str, Any]:
    path = run_folder() / "run.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def latest_verdict() -> str:
    return str(newest().get("verdict", ""))


def still_there() -> list[str]:
    """Processes, records and small disks of this clone, after what ends by itself has ended."""

    def there() -> list[str]:
        return [*stack_processes(), *map(str, recorded_processes()), *small_disks()]

    try:
        wait_until(there, lambda found: not found, SETTLED, "nothing to be left")
    except NotInTime:
        return [f"still there: {each}" for each in there()]
    return []


def wrong_on_kept_stack(*, killed: bool) -> list[str]:
    """A stack of `make up` serves and holds nothing of the run. What a killed run left there is
    removed by the next one; if it broke a part, that one says so, and `make down` helps."""
    if killed:
        after = Run(*SCALED, *ANY)
        after.await_end(timedelta(seconds=120))
        if after.process.returncode != 0:
            told = "".join(after.said)
            if "A stack started by `make up` can't be used" not in told:
                return [f"the run after it ended with {after.process.returncode}: {told[-500:]}"]
            codes = [command("down")[0], command("up")[0]]
            return [f"make down and up ended with {codes}"] * any(codes)
    code, told = command("status")
    if code:
        return [f"the kept stack is not up: {told}"]
    return [f"left on the kept stack: {each}" for each in left_on_kept_stack()]


def left_on_kept_stack() -> list[str]:
    """Topics, groups, schemas, slots, publications and connectors of runs."""
    stack = EmbeddedStack(Settings.load({}), Progress(io.StringIO()))
    assert stack.find_running()
    ends = stack.endpoints
    client = BrokerClient(ends.bootstrap)

    def left() -> list[str]:
        names = of_runs([*client.topics(), *client.groups()])
        pipelines = left_pipelines(
            Database(ends.database.conninfo), ConnectClient(ends.connect_url)
        )
        return [name for name in (*names, *pipelines) if name != READY_TOPIC]

    try:
        return wait_until(left, lambda names: not names, SETTLED, "nothing to be left")
    except NotInTime:
        return left()


def command(name: str) -> tuple[int, str]:
    """Exit code and output of `make NAME`."""
    done = subprocess.run([*MODULE, name], cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def series(seed: int, count: int, *, kept: bool, within_s: float = 1e6) -> list[str]:
    """Interrupt `count` runs that had not ended by themselves, or as many as are begun `within_s`
    seconds; what was wrong, in words."""
    troubles: list[str] = []
    end_ns = clock.now_ns() + int(within_s * clock.NS_PER_S)
    if kept:
        code, told = command("up")
        assert code == 0, told
    done = 0
    for number, what in enumerate(interruptions(seed)):
        if done >= count or clock.now_ns() > end_ns:
            break
        run, interrupted, took_s = interrupt(what)
        found = wrong(what, run, took_s, kept=kept) if interrupted else []
        done += interrupted
        state = "; ".join(found) or (
            f"ok, ended after {took_s:.1f} s" if interrupted else "too late"
        )
        target = "kept" if kept else "own"
        sys.stdout.write(f"{target} {number}: {what.name}: {state}\n")
        sys.stdout.flush()
        if found:
            folder = ROOT / ".stack" / "interruptions"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{seed}-{target}-{number}.log").write_text("".join(run.said))
            troubles.append(f"{target} {number}, {what.name}: {state}")
    after = Run(*SCALED, *ANY)
    after.await_end(timedelta(seconds=180))
    if after.process.returncode != 0:
        troubles.append(f"the run after all of them: {''.join(after.said)[-800:]}")
    if kept:
        command("down")
    return troubles + still_there()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--stack", choices=("own", "kept", "both"), default="both")
    parser.add_argument("--within", type=float, default=1e6, metavar="SECONDS")
    given = parser.parse_args(arguments)
    troubles: list[str] = []
    for kept in {"own": (False,), "kept": (True,), "both": (False, True)}[given.stack]:
        count = given.count if given.stack != "both" else given.count // 2
        troubles += series(given.seed, count, kept=kept, within_s=given.within)
    for trouble in troubles:
        sys.stdout.write(f"WRONG {trouble}\n")
    sys.stdout.write(f"{len(troubles)} troubles\n")
    return int(bool(troubles))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
