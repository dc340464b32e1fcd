"""Rate, latency, resources and stability of a load."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then


@then("the p95 latency is below {limit:Duration}")
def p95_is_below(context: Any, limit: timedelta) -> None:
    context.load.judge_latency("p95", limit)
    context.trial.promise("p95 latency")


@then("the mean and p95 latency are below {limit:Duration}")
def mean_and_p95_are_below(context: Any, limit: timedelta) -> None:
    for figure in ("mean", "p95"):
        context.load.judge_latency(figure, limit)
    context.trial.promise_all("mean latency", "p95 latency")


@then("the benchmark sent at the target rate, within {percent:g} percent")
def rate_was_kept(context: Any, percent: float) -> None:
    context.load.judge_pacing(percent)
    context.trial.promise("achieved rate")
    context.trial.promise("lateness of the generator")


@then("throughput, latency percentiles and resource usage are recorded")
def resources_are_recorded(context: Any) -> None:
    context.trial.promise_all("resources measured", *context.trial.judged("JMX measured"))


@then("backpressure is measured, and latency is normal again within {limit:Duration}")
def burst_is_over(context: Any, limit: timedelta) -> None:
    context.load.judge_backpressure(limit)
    context.trial.promise("backpressure measured")
    context.trial.promise("steady again")


@then("memory and latency stay stable")
def stays_stable(context: Any) -> None:
    context.load.judge_stability()
    context.trial.promise("memory stability")
    context.trial.promise("latency drift")


@then("the broker's memory stays below 2 GB")
def memory_is_limited(context: Any) -> None:
    context.trial.promise("broker memory")


@then("the broker's memory stays below 2 GB and its CPU usage below 80 percent")
def memory_and_cpu_are_limited(context: Any) -> None:
    context.trial.promise("broker memory")
    context.trial.promise("broker CPU")


@then("completion time is documented")
def completion_time_is_documented(context: Any) -> None:
    context.load.judge_completion()
    context.trial.promise("completion time")
