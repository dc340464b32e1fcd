"""Rate, latency, resources and stability of a load."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then

from support.experiment.needs import broker_jmx, broker_resources, measures
from support.promises.performance import (
    ACHIEVED_RATE,
    BACKPRESSURE_MEASURED,
    BROKER_CPU,
    BROKER_MEMORY,
    COMPLETION_TIME,
    JMX_MEASURED,
    LATENCY_DRIFT,
    MEAN_LATENCY,
    MEMORY_STABILITY,
    P95_LATENCY,
    RESOURCES_MEASURED,
    SCHEDULE_DELAY,
    STEADY_AGAIN,
)


@then("the p95 latency is below {limit:Duration}")
def p95_is_below(context: Any, limit: timedelta) -> None:
    context.require(P95_LATENCY.below(limit))


@then("the mean and p95 latency are below {limit:Duration}")
def mean_and_p95_are_below(context: Any, limit: timedelta) -> None:
    context.require(MEAN_LATENCY.below(limit), P95_LATENCY.below(limit))


@then("the benchmark sent at the target rate, within {percent:g} percent")
def rate_was_kept(context: Any, percent: float) -> None:
    context.require(ACHIEVED_RATE.at_most(percent), SCHEDULE_DELAY)


@then("throughput, latency percentiles and resource usage are recorded")
@measures(broker_resources, broker_jmx)
def resources_are_recorded(context: Any) -> None:
    context.require(RESOURCES_MEASURED)
    context.require_recorded(JMX_MEASURED)


@then("backpressure is measured, and latency is normal again within {limit:Duration}")
def burst_is_over(context: Any, limit: timedelta) -> None:
    context.require(BACKPRESSURE_MEASURED, STEADY_AGAIN.at_most(limit))


@then("memory and latency stay stable")
@measures(broker_resources)
def stays_stable(context: Any) -> None:
    context.require(MEMORY_STABILITY)
    context.require(LATENCY_DRIFT)


@then("the broker's memory stays below 2 GB")
@measures(broker_resources)
def memory_is_limited(context: Any) -> None:
    context.require(BROKER_MEMORY)


@then("the broker's memory stays below 2 GB and its CPU usage below 80 percent")
@measures(broker_resources)
def memory_and_cpu_are_limited(context: Any) -> None:
    context.require(BROKER_MEMORY)
    context.require(BROKER_CPU)


@then("completion time is documented")
def completion_time_is_documented(context: Any) -> None:
    context.require(COMPLETION_TIME)
