"""The same load measured by our benchmark and by Kafka's own tools."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then, when

from support.experiment.compared_reading import ComparedReading
from support.experiment.compared_writing import ComparedWriting
from support.experiment.needs import KAFKA_TOOLS, needs
from support.promises.cross_check import LATENCY_CROSS_CHECK, READING_CROSS_CHECK


@when(
    "our benchmark and kafka-producer-perf-test produce {rate:d} messages per second "
    "for {duration:Duration}"
)
@needs(KAFKA_TOOLS)
def produce_with_both(context: Any, rate: int, duration: timedelta) -> None:
    ComparedWriting(context.trial).compare(rate, duration)


@when("our reader and kafka-consumer-perf-test read the same {n:d} messages")
@needs(KAFKA_TOOLS)
def read_with_both(context: Any, n: int) -> None:
    ComparedReading(context.trial).compare(n)


@then("both agree on the latency from sending to acknowledgement")
def both_agree(context: Any) -> None:
    context.require(LATENCY_CROSS_CHECK)


@then("both count the same messages and bytes")
def both_count_the_same(context: Any) -> None:
    context.require(READING_CROSS_CHECK)
