"""Checks what an interrupted run left behind."""

from __future__ import annotations

import io
import json
import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException

from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.kafka_address import READY_TOPIC
from support.errors import NotInTime
from support.progress import Progress
from support.settings import ROOT, Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.leftovers import left_pipelines, of_runs
from support.waiting import wait_until
from tests.contract.interrupted_run import END_WITHIN, SCALED, Interruption, Run
from tests.contract.running import (
    ANY,
    MODULE,
    REPORTS,
    recorded_processes,
    small_disks,
    stack_processes,
)

SERVING = timedelta(seconds=60)
SETTLED = timedelta(seconds=20)
"""Time for processes that end when the pipe from their parent closes."""


def wrong(what: Interruption, run: Run, took_s: float, *, kept: bool) -> list[str]:
    """Returns what an interrupted run did wrong or left behind, in words."""
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
            code, output = command("down")
            found += [f"make down ended with {code}: {output[-300:]}"] * bool(code)
        # The parts of the stack end with the command; helpers a moment later, as their pipe closes.
        found += [f"recorded still: {each}" for each in recorded_processes()]
        found += still_there()
    else:
        found += wrong_on_kept_stack(killed=killed)
    return found


def had_ended() -> bool:
    """Whether the newest run had its result before the interruption, and so may be PASS."""
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
    """Waits, and returns the processes, records and small disks of this clone that remain."""

    def there() -> list[str]:
        return [*stack_processes(), *map(str, recorded_processes()), *small_disks()]

    try:
        wait_until(there, lambda found: not found, SETTLED, "nothing to be left")
    except NotInTime:
        return [f"still there: {each}" for each in there()]
    return []


def wrong_on_kept_stack(*, killed: bool) -> list[str]:
    """Returns what is wrong with a stack of `make up` after an interrupted run.

    It must serve and hold nothing of the run. The next run removes what a killed one left; if the
    killed one broke a part, the next one reports that, and `make down` is the remedy.
    """
    if killed:
        after = Run(*SCALED, *ANY)
        after.await_end(timedelta(seconds=120))
        if after.process.returncode != 0:
            output = "".join(after.said)
            if "A stack started by `make up` can't be used" not in output:
                return [f"the run after it ended with {after.process.returncode}: {output[-500:]}"]
            codes = [command("down")[0], command("up")[0]]
            return [f"make down and up ended with {codes}"] * any(codes)
    code, output = command("status")
    if code:
        return [f"the kept stack is not up: {output}"]
    return [f"left on the kept stack: {each}" for each in left_on_kept_stack()]


def left_on_kept_stack() -> list[str]:
    """Topics, groups, schemas, slots, publications and connectors of runs."""
    stack = EmbeddedStack(Settings.load({}), Progress(io.StringIO()))
    assert stack.find_running()
    ends = stack.endpoints
    client = BrokerClient(ends.kafka)

    def left() -> list[str]:
        names = of_runs([*client.topics(), *client.groups()])
        pipelines = left_pipelines(Database(ends.database.conninfo), ConnectClient(ends.connect))
        return [name for name in (*names, *pipelines) if name != READY_TOPIC]

    try:
        # The broker may have been healed a moment ago.
        return wait_until(
            left,
            lambda names: not names,
            SERVING,
            "nothing to be left",
            tolerate=(KafkaException,),
        )
    except NotInTime:
        return left()


def command(name: str) -> tuple[int, str]:
    """Exit code and output of `make NAME`."""
    done = subprocess.run([*MODULE, name], cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr
