"""A broker that is too slow, uses too much memory or ends, and limits that no broker can keep."""

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
from support.errors import PromiseBroken
from support.experiment import benchmark
from support.experiment.broker_startup import BrokerStartup
from support.experiment.cdc_topics import record_cdc_topics
from support.experiment.experiment import Experiment
from support.experiment.faulted_load import require_worked_again
from support.experiment.load import Load
from support.faults.broker_restart import BrokerRestart
from support.faults.timeline import FaultTimeline
from support.promises.cdc import CDC_TOPICS_CARRY_EVENTS
from support.promises.edge import SERVED_MEANWHILE
from support.promises.performance import (
    ACHIEVED_RATE,
    BACKPRESSURE_MEASURED,
    LATENCY_DRIFT,
    MEAN_LATENCY,
    MEMORY_STABILITY,
    P95_LATENCY,
    SCHEDULE_DELAY,
    STEADY_AGAIN,
)
from support.promises.startup import START_UP_TIME, START_UP_TIME_AFTER_A_CRASH
from support.record.controller import CONTROLLER, ControllerRecord
from support.record.faults import FAULTS, FaultsRecord
from support.record.schedule import Segment
from support.results.limit import below
from support.stack.lifecycle import BrokerControl
from support.waiting import wait_until
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.verdicts import described, judged, red
from tests.contract.seen_red import sees_red

MS = timedelta(milliseconds=1)
PATIENCE = timedelta(seconds=60)
BEFORE = Segment(200, 1000, judged=False)
BURST = Segment(400, 4000)
AFTER = Segment(200, 600, judged=False)
"""Together long enough for the slope of a figure that is sampled every second."""
FROZEN = timedelta(seconds=10)
"""How long it is frozen: from the middle of the burst until after the end of the load."""
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
    """Lets a process that never frees its memory count as a part of the broker."""
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
    """Freezes the broker for a while once something has `begun`."""

    def freeze() -> None:
        wait_until(begun, bool, PATIENCE, "the moment to freeze the broker")
        outage.injected_ns = clock.now_ns()
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
    "schedule delay",
    "steady again",
    "latency drift",
    "memory stability",
    "broker memory",
    "broker CPU",
    "served meanwhile",
)
def test_a_broker_that_stands_still_and_leaks(
    stack: SabotagedStack, trial: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "MEMORY_LIMIT", below(1e-6, "MB"))
    monkeypatch.setattr(resources, "CPU_LIMIT", below(1e-4, "%"))
    stack.configure(producer=SMALL_QUEUE)
    load, outage = Load(trial), FaultTimeline("frozen")
    load.observe()

    def in_the_burst() -> bool:
        running = load._running
        return running is not None and running.sent() >= BEFORE.count + BURST.count // 2

    with leaking(stack), frozen(stack.broker(), in_the_burst, outage):
        benchmark.run_watched(load, (BEFORE, BURST, AFTER), None)
    load.settle(shows_trend=True)
    trial.record.write(FAULTS, FaultsRecord((outage.recorded(),)))
    trial.record.write(CONTROLLER, ControllerRecord((), (), committed=0))
    trial.verdicts.judge(
        ACHIEVED_RATE.at_most(0.1),
        SCHEDULE_DELAY,
        MEAN_LATENCY.below(100 * MS),
        P95_LATENCY.below(100 * MS),
        BACKPRESSURE_MEASURED,
        STEADY_AGAIN.at_most(5),
        MEMORY_STABILITY,
        LATENCY_DRIFT,
        SERVED_MEANWHILE,
    )
    assert red(judged(trial)) >= {
        "mean latency",
        "p95 latency",
        "achieved rate",
        "schedule delay",
        "steady again",
        "latency drift",
        "memory stability",
        "broker memory",
        "broker CPU",
        "served meanwhile",
    }, described(trial)


@sees_red("broker stayed up", "worked again")
def test_a_broker_that_ends_and_is_not_back_in_time(
    stack: SabotagedStack, trial: Experiment
) -> None:
    load, broker = Load(trial), stack.broker()
    restart = BrokerRestart(crash=False, patience=MS)
    try:
        with pytest.raises(PromiseBroken, match="ended at"), restart.injected(broker) as timeline:
            benchmark.run_watched(load, (BEFORE,), None)
        with pytest.raises(PromiseBroken, match="worked again"):
            require_worked_again(load, 1, timeline)
    finally:
        broker.await_ready(PATIENCE)
    assert red(judged(trial)) == {"broker stayed up", "worked again"}, described(trial)


@sees_red("start-up time", "start-up time after a crash")
def test_a_limit_that_no_broker_keeps(trial: Experiment) -> None:
    """With a short session, so that the test does not wait for the usual one after the crash."""
    short = {"broker.session.timeout.ms": "2000", "broker.heartbeat.interval.ms": "500"}
    trial.settings = dataclasses.replace(trial.settings, patience=1.0)
    startup = BrokerStartup(trial, short)
    startup.stopped_with_data(crash=True)
    startup.start_and_measure()
    trial.verdicts.judge(START_UP_TIME.below(MS), START_UP_TIME_AFTER_A_CRASH.below(MS))
    assert red(judged(trial)) == {"start-up time", "start-up time after a crash"}, described(trial)


@sees_red("CDC topics carry events")
def test_topics_that_no_connector_writes_to(stack: SabotagedStack, trial: Experiment) -> None:
    stack.capture_into(trial)
    record_cdc_topics(trial)
    trial.verdicts.judge(CDC_TOPICS_CARRY_EVENTS)
    assert red(judged(trial)) == {"CDC topics carry events"}, described(trial)
