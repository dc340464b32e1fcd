"""What is sent, and what happens meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, when

from support.experiment.second_opinion import SecondOpinionTrial
from support.experiment.second_reading import SecondReadingTrial


@given("a test consumer is consuming messages")
def consumer_reads_along(context: Any) -> None:
    context.load.observe()


@when("performance benchmark produces {rate:d} messages per second for {duration:Duration}")
def produce_steadily(context: Any, rate: int, duration: timedelta) -> None:
    context.load.run_steady(rate, duration)
    context.load.settle()


@when("performance benchmark bursts to {rate:d} messages per second for {duration:Duration}")
def produce_in_a_burst(context: Any, rate: int, duration: timedelta) -> None:
    context.load.run_burst(rate, duration)
    context.load.settle()


@when("performance benchmark replays {n:d} CDC events as fast as possible")
def replay(context: Any, n: int) -> None:
    context.load.replay(n)
    context.load.settle()


@when(
    "our benchmark and kafka-producer-perf-test produce {rate:d} messages per second "
    "for {duration:Duration}"
)
def produce_with_both(context: Any, rate: int, duration: timedelta) -> None:
    SecondOpinionTrial(context.trial).compare(rate, duration)


@when("test producer sends {n:d} messages")
def produce_calmly(context: Any, n: int) -> None:
    context.load.run_calmly(n)
    context.load.settle()


@when("test producer sends {n:d} messages and broker goes through {fault:Fault} at message {at:d}")
@when("test producer sends {n:d} messages and network goes through {fault:Fault} at message {at:d}")
def produce_through_fault(context: Any, n: int, fault: Any, at: int) -> None:
    context.load.run_through(n, fault, at)
    context.load.settle()


@when("test producer crashes (SIGKILL) at message {at:d} of {n:d} and is started again")
def crash_producer(context: Any, at: int, n: int) -> None:
    context.load.crash_producer(n, at)
    context.load.settle()


@when("our reader and kafka-consumer-perf-test read the same {n:d} messages")
def read_with_both(context: Any, n: int) -> None:
    SecondReadingTrial(context.trial).compare(n)


@when("developer starts Kafka and measures startup time")
def start_and_measure(context: Any) -> None:
    context.startup.start_and_measure()


@when("developer starts Kafka {n:d} times and measures startup time")
def start_and_measure_often(context: Any, n: int) -> None:
    context.startup.start_and_measure(n)
