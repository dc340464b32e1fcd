"""Ports, disk, platform and processes: real ones, without a JVM."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from support.errors import RunInProgress, StackError
from support.runlock import RunLock
from support.settings import ROOT
from support.stack.artefacts.platform import check_free_disk, check_platform
from support.stack.listening import choose_port, is_free
from support.stack.processes.records import end_leftovers, recorded
from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(600)",
)


def supervised(tmp_path: Path, command: tuple[str, ...] = SLEEPER) -> Supervised:
    recipe = Recipe("sleeper", command, tmp_path, tmp_path / "out")
    process = Supervised(recipe, tmp_path / "processes")
    process.start()
    wait_until(lambda: process.tail(), lambda t: "up" in t, timedelta(seconds=20), "a start")
    return process


def test_an_explicit_port_that_is_taken_is_refused_with_its_owner() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(StackError, match=rf"port {port}, asked for by kafka_port") as refused:
            choose_port("kafka_port", port, 9092)
        assert str(os.getpid()) in str(refused.value)
        other = choose_port("kafka_port", None, port)
        assert other != port
        assert is_free(other)
    assert choose_port("kafka_port", port, 9092) == port


def test_too_little_disk_is_refused(tmp_path: Path) -> None:
    check_free_disk(tmp_path, 1)
    with pytest.raises(StackError, match="too little free disk space") as refused:
        check_free_disk(tmp_path, 10**18)
    assert "min_free_disk" in str(refused.value)


@pytest.mark.parametrize(("system", "machine"), [("Windows", "AMD64"), ("Linux", "riscv64")])
def test_an_unsupported_platform_is_refused(system: str, machine: str) -> None:
    with pytest.raises(StackError, match="does not run on this platform") as refused:
        check_platform(system, machine)
    assert f"{system} on {machine}" in str(refused.value)


def test_a_process_is_recorded_while_it_lives(tmp_path: Path) -> None:
    process = supervised(tmp_path)
    record = tmp_path / "processes" / "sleeper.json"
    assert json.loads(record.read_text())["pid"] == process.pid
    process.stop()
    assert not process.alive()
    assert not record.exists()


def test_a_process_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    process = supervised(tmp_path, STUBBORN)
    process.stop(timedelta(milliseconds=200))
    assert not process.alive()


def test_a_killed_process_can_be_started_again_until_it_is_closed(tmp_path: Path) -> None:
    process = supervised(tmp_path)
    first = process.pid
    process.kill()
    process.start()
    assert process.pid not in (None, first)
    process.close()
    with pytest.raises(StackError, match="being shut down"):
        process.start()


def test_leftovers_are_found_and_ended_and_only_ours(tmp_path: Path) -> None:
    ours = supervised(tmp_path)
    pid = ours.pid
    stranger = subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL)
    try:
        # A record whose pid now belongs to another process, as after a reboot.
        foreign = tmp_path / "processes" / "foreign.json"
        foreign.write_text(json.dumps({"pid": stranger.pid, "create_time": 1.0, "stop_signal": 15}))
        assert recorded(foreign) is None
        assert end_leftovers(tmp_path / "processes") == [f"sleeper (pid {pid})"]
        assert psutil.pid_exists(stranger.pid)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
    assert not ours.alive()
    assert end_leftovers(tmp_path / "processes") == []


def test_a_leftover_that_ends_by_itself_meanwhile_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = supervised(tmp_path).pid
    kill = psutil.Process.kill

    def too_late(process: psutil.Process) -> None:
        kill(process)
        raise psutil.NoSuchProcess(process.pid)

    monkeypatch.setattr(psutil, "wait_procs", lambda processes, _grace: ([], processes))
    monkeypatch.setattr(psutil.Process, "kill", too_late)
    assert end_leftovers(tmp_path / "processes") == [f"sleeper (pid {pid})"]
    assert not list((tmp_path / "processes").glob("*.json"))


def test_an_adopted_process_can_be_stopped(tmp_path: Path) -> None:
    ours = supervised(tmp_path)
    later = Supervised(ours.recipe, tmp_path / "processes")
    assert later.adopt()
    assert later.pid == ours.pid
    later.kill()
    assert not later.alive()
    assert not later.adopt()


def test_two_runs_at_once_are_refused_and_a_dead_run_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from support.runlock import RunLock\n"
        "lock = RunLock(pathlib.Path(sys.argv[2])); lock.take()\n"
        "print('held', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", code, str(ROOT), str(tmp_path)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        lock = RunLock(tmp_path)
        with pytest.raises(RunInProgress, match="Another run") as refused:
            lock.take()
        assert str(holder.pid) in str(refused.value)
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    lock.take()
    lock.release()
