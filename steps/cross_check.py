"""The same load measured by our benchmark and by Kafka's own tools."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then, when

from support.experiment.second_opinion import SecondOpinionTrial
from support.experiment.second_reading import SecondReadingTrial


@when(
    "our benchmark and kafka-producer-perf-test produce {rate:d} messages per second "
    "for {duration:Duration}"
)
def produce_with_both(context: Any, rate: int, duration: timedelta) -> None:
    SecondOpinionTrial(context.trial).compare(rate, duration)


@when("our reader and kafka-consumer-perf-test read the same {n:d} messages")
def read_with_both(context: Any, n: int) -> None:
    SecondReadingTrial(context.trial).compare(n)


@then("both agree on the latency from sending to acknowledgement")
def both_agree(context: Any) -> None:
    context.trial.promise("second opinion")


@then("both count the same messages and bytes")
def both_count_the_same(context: Any) -> None:
    context.trial.promise("second opinion on reading")
