"""A broker that is too slow, too large or gone, and limits that none can keep."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest

from support import clock
from support.checks import resources
from support.checks.controller import served_meanwhile
from support.errors import PromiseBroken
from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.experiment import Trial
from support.experiment.startup_trial import StartupTrial
from support.faults.broker_restart import BrokerRestart
from support.faults.timeline import FaultTimeline
from support.generate.schedule import Segment
from support.stack.ports import BrokerControl
from support.waiting import wait_until
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.verdicts import judged, red, told
from tests.contract.seen_red import sees_red

MS = timedelta(milliseconds=1)
PATIENCE = timedelta(seconds=60)
BEFORE = Segment(200, 1000, judged=False)
BURST = Segment(400, 4000)
AFTER = Segment(200, 600, judged=False)
"""Together long enough for the slope of a figure that is sampled every second."""
FROZEN = timedelta(seconds=10)
"""From the middle of the burst until after the end of the load."""
SMALL_QUEUE = {"queue.buffering.max.messages": "100"}

LEAK = """
import time
kept = []
for _ in range(600):
    kept.append(bytearray(b"x") * 2_000_000)
    time.sleep(0.05)
"""
"""40 MB a second, at most 1.2 GB."""


@contextmanager
def leaking(stack: SabotagedStack) -> Iterator[None]:
    """A part of the broker keeps all memory that it ever had."""
    process = subprocess.Popen([sys.executable, "-c", LEAK])
    stack.leak_pid = process.pid
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def frozen(
    broker: BrokerControl, begun: Callable[[], bool], outage: FaultTimeline
) -> Iterator[None]:
    """The broker stands still for a while once something has `begun`."""

    def freeze() -> None:
        wait_until(begun, bool, PATIENCE, "the moment to freeze the broker")
        broker.pause()
        try:
            outage.proven_broken()
            clock.pause(FROZEN)
        finally:
            outage.heal_begins()
            broker.resume()

    thread = Thread(target=freeze)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@sees_red(
    "<figure> latency",
    "achieved rate",
    "lateness of the generator",
    "steady again",
    "latency drift",
    "memory stability",
    "broker memory",
    "broker CPU",
    "served meanwhile",
)
def test_a_broker_that_stands_still_and_leaks(
    stack: SabotagedStack, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "MEMORY_LIMIT_BYTES", 1)
    monkeypatch.setattr(resources, "CPU_LIMIT_SHARE", 1e-6)
    stack.configure(producer=SMALL_QUEUE)
    benchmark, outage = BenchmarkTrial(trial), FaultTimeline("frozen")
    benchmark.observe()

    def in_the_burst() -> bool:
        load = benchmark._load
        return load is not None and load.sent() >= BEFORE.count + BURST.count // 2

    with leaking(stack), frozen(stack.broker(), in_the_burst, outage):
        benchmark._run_watched((BEFORE, BURST, AFTER), None)
    benchmark.settle()
    benchmark.judge_pacing(0.1)
    benchmark.judge_latency("mean", 100 * MS)
    benchmark.judge_latency("p95", 100 * MS)
    benchmark.judge_backpressure(timedelta(seconds=5))
    benchmark.judge_stability()
    assert trial.history is not None
    trial.judge(served_meanwhile(trial.history, outage.outages[0], 0))
    assert red(judged(trial)) >= {
        "mean latency",
        "p95 latency",
        "achieved rate",
        "lateness of the generator",
        "steady again",
        "latency drift",
        "memory stability",
        "broker memory",
        "broker CPU",
        "served meanwhile",
    }, told(trial)


@sees_red("broker stayed up", "worked again")
def test_a_broker_that_ends_and_is_not_back_in_time(stack: SabotagedStack, trial: Trial) -> None:
    benchmark, broker = BenchmarkTrial(trial), stack.broker()
    restart = BrokerRestart(crash=False, patience=MS)
    try:
        with pytest.raises(PromiseBroken, match="ended at"), restart.injected(broker) as timeline:
            benchmark._run_watched((BEFORE,), None)
        with pytest.raises(PromiseBroken, match="worked again"):
            trial.promise_worked_again(timeline)
    finally:
        broker.await_ready(PATIENCE)
    assert red(judged(trial)) == {"broker stayed up", "worked again"}, told(trial)


@sees_red("start-up time", "start-up time after a crash")
def test_a_limit_that_no_broker_keeps(trial: Trial) -> None:
    """With a short session, so that the test does not wait for the usual one after the crash."""
    short = {"broker.session.timeout.ms": "2000", "broker.heartbeat.interval.ms": "500"}
    trial.settings = dataclasses.replace(trial.settings, patience=1.0)
    startup = StartupTrial(trial, short)
    startup.stopped_with_data(crash=True)
    startup.start_and_measure()
    startup.judge_startup(MS)
    startup.judge_startup_after_crash(MS)
    assert red(judged(trial)) == {"start-up time", "start-up time after a crash"}, told(trial)


@sees_red("CDC topics carry events")
def test_topics_into_which_nobody_captures(stack: SabotagedStack, trial: Trial) -> None:
    stack.capture_into(trial)
    BenchmarkTrial(trial).judge_cdc()
    assert red(judged(trial)) == {"CDC topics carry events"}, told(trial)
