"""The messages that are sent: how many, how fast, and what fails meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, when

from support.experiment import benchmark, faulted_load
from support.experiment.needs import a_replay, needs


@given("{n:d} messages are in the topic")
def topic_is_full(context: Any, n: int) -> None:
    faulted_load.fill(context.load, n)


@when("performance benchmark produces {rate:d} messages per second for {duration:Duration}")
def produce_steadily(context: Any, rate: int, duration: timedelta) -> None:
    benchmark.run_steady(context.load, rate, duration)


@when(
    "performance benchmark produces a burst of {rate:d} messages per second for {duration:Duration}"
)
def produce_in_a_burst(context: Any, rate: int, duration: timedelta) -> None:
    benchmark.run_burst(context.load, rate, duration)


@when("performance benchmark replays {n:d} CDC events as fast as possible")
@needs(a_replay)
def replay(context: Any, n: int) -> None:
    benchmark.replay(context.load, n)


@when("test producer sends {n:d} messages")
def produce_calmly(context: Any, n: int) -> None:
    faulted_load.run_calmly(context.load, n)


@when("test producer sends {n:d} messages and {fault:Fault} at message {at:d}")
def produce_through_fault(context: Any, n: int, fault: Any, at: int) -> None:
    faulted_load.run_through(context.load, n, fault, at)


@when("test producer crashes (SIGKILL) at message {at:d} of {n:d} and restarts")
def crash_producer(context: Any, at: int, n: int) -> None:
    faulted_load.crash_producer(context.load, n, at)
