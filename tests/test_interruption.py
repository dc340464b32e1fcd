"""No signal is lost, each leads to an orderly end, and shielded code is not interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest

from support import clock
from support.errors import NotInTime
from support.interruption import (
    ENDING,
    arrived,
    check,
    end_if_arrived,
    forget,
    ignore_further_signals,
    interruptible,
    listen,
    uninterrupted,
)
from support.settings import ROOT
from support.waiting import wait_until
from tests.lost_signals import signal_after

PROCESSES, EACH = 30, 10
"""Processes, and signals that each of them sends itself."""
LONG = timedelta(seconds=20)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {which: signal.getsignal(which) for which in ENDING}
    # The caller may ignore a signal: a shell does in the background, nohup does.
    for which in ENDING:
        signal.signal(which, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    forget()
    listen()
    yield
    forget()
    for which, handler in before.items():
        signal.signal(which, handler)


def test_no_signal_is_lost_while_administrative_clients_are_made_and_freed() -> None:
    """Freed by Python, such a client runs signal handlers where nothing can be raised."""
    program = (sys.executable, "-m", "tests.lost_signals", str(PROCESSES), str(EACH))
    done = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, timeout=150)
    assert json.loads(done.stdout) == [EACH] * PROCESSES


@pytest.mark.parametrize("which", ENDING)
def test_a_request_to_end_is_noted_and_raised_at_the_next_safe_point(
    which: signal.Signals,
) -> None:
    os.kill(os.getpid(), which)
    assert arrived() == which.name
    with pytest.raises(KeyboardInterrupt, match=which.name):
        check()


def test_a_hangup_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    listen()
    os.kill(os.getpid(), signal.SIGHUP)
    assert not arrived()


def test_a_signal_inside_takes_effect_afterwards() -> None:
    with uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        clock.pause(timedelta(milliseconds=1))
        assert wait_until(lambda: 5, bool, LONG, "five") == 5
    with pytest.raises(KeyboardInterrupt):
        check()


def test_it_is_raised_once_so_that_cleaning_up_can_wait_and_a_second_one_does_not_cut_it() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        check()
    os.kill(os.getpid(), signal.SIGINT)
    assert wait_until(lambda: 5, bool, LONG, "five") == 5
    clock.pause(timedelta(milliseconds=1))
    check()
    assert arrived() == "SIGTERM"
    with pytest.raises(KeyboardInterrupt):
        end_if_arrived()


def test_what_comes_after_the_last_result_is_noted_only() -> None:
    ignore_further_signals()
    os.kill(os.getpid(), signal.SIGINT)
    check()
    clock.pause(timedelta(milliseconds=1))
    assert arrived() == "SIGINT"


@pytest.mark.parametrize(
    "wait",
    [
        lambda: clock.pause(LONG),
        lambda: clock.sleep_until_ns(clock.now_ns() + 20 * clock.NS_PER_S),
        lambda: wait_until(lambda: 0, bool, LONG, "never"),
        lambda: wait_until(lambda: 0, bool, LONG, "never", every=timedelta(seconds=15)),
    ],
)
def test_every_wait_ends_with_the_signal(wait: object) -> None:
    assert callable(wait)
    signal_after(0.1)
    began = clock.now_ns()
    with pytest.raises(KeyboardInterrupt):
        wait()
    assert clock.now_ns() - began < clock.NS_PER_S


def test_an_error_in_the_place_of_the_interruption_is_the_interruption() -> None:
    def observe() -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        raise SystemError("returned a result with an exception set")

    with pytest.raises(KeyboardInterrupt, match="SIGINT"):
        wait_until(observe, bool, LONG, "x", tolerate=(SystemError,))
    forget()
    with pytest.raises(KeyboardInterrupt), interruptible():
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt as error:
            raise SystemError("returned a result with an exception set") from error


class Dropped:
    """Its destructor waits for a signal, and nothing can be raised from there."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_a_destructor_dropped_still_ends_the_call() -> None:
    began = clock.now_ns()
    with pytest.raises(KeyboardInterrupt, match="SIGINT"), interruptible():
        Dropped()
        time.sleep(20)
    assert clock.now_ns() - began < 3 * clock.NS_PER_S
    clock.pause(timedelta(seconds=1.5))


def test_a_wait_of_another_thread_is_given_up_too_but_not_one_that_cleans_up() -> None:
    ends: list[str] = []

    def wait() -> None:
        try:
            wait_until(lambda: 0, bool, timedelta(milliseconds=600), "never")
        except (NotInTime, KeyboardInterrupt) as error:
            ends.append(type(error).__name__)

    def in_thread() -> None:
        thread = Thread(target=wait)
        thread.start()
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)
        thread.join()

    in_thread()
    in_thread()
    forget()
    with uninterrupted():
        in_thread()
    assert ends == ["KeyboardInterrupt", "NotInTime", "NotInTime"]


def test_it_is_announced_past_any_capturing(capfd: pytest.CaptureFixture[str]) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    sys.stderr.flush()
    assert capfd.readouterr().err.count("[SIGINT] ending what was started") == 1


def test_a_signal_while_python_ends_does_not_change_the_exit_code() -> None:
    program = """
import os, signal
from support.interruption import listen

class Last:
    def __del__(self, kill=os.kill, pid=os.getpid(), which=signal.SIGTERM):
        kill(pid, which)

listen()
last = Last()
raise SystemExit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60)
    assert done.returncode == 7
