"""What the broker promises about speed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then


@then("broker becomes ready to accept connections in less than {limit:Duration}")
def starts_quickly(context: Any, limit: timedelta) -> None:
    context.startup.judge_startup(limit)
    context.trial.promise("start-up time")


@then("broker becomes ready to accept connections in less than {limit:Duration} every time")
def starts_quickly_every_time(context: Any, limit: timedelta) -> None:
    context.startup.judge_startup(limit)
    context.startup.judge_spread()
    context.trial.promise("start-up time")
    context.trial.promise("start-up spread")


@then(
    "broker becomes ready in less than {limit:Duration}, or the wait for its old session "
    "is a deviation"
)
def startup_is_explained(context: Any, limit: timedelta) -> None:
    context.startup.judge_startup_after_crash(limit)
    context.trial.promise("start-up time after a crash")


@then("the existing data is still there")
def data_is_there(context: Any) -> None:
    context.startup.judge_data()
    context.trial.promise("lost")
    context.trial.promise("corrupt")


@then("the p95 latency is below {limit:Duration}")
def p95_is_below(context: Any, limit: timedelta) -> None:
    context.load.judge_latency("p95", limit)
    context.trial.promise("p95 latency")


@then("the mean and p95 latency are below {limit:Duration}")
def mean_and_p95_are_below(context: Any, limit: timedelta) -> None:
    for figure in ("mean", "p95"):
        context.load.judge_latency(figure, limit)
    context.trial.promise_all("mean latency", "p95 latency")


@then("the load kept its rate within {percent:g} percent")
def rate_was_kept(context: Any, percent: float) -> None:
    context.load.judge_pacing(percent)
    context.trial.promise("achieved rate")
    context.trial.promise("lateness of the generator")


@then("throughput, latency percentiles and resource usage are recorded")
def resources_are_recorded(context: Any) -> None:
    context.trial.promise_all("resources measured", *context.trial.judged("JMX measured"))


@then("backpressure is measured and latency is steady again within {limit:Duration}")
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


@then("both agree on the latency from sending to acknowledgement")
def both_agree(context: Any) -> None:
    context.trial.promise("second opinion")


@then("both count the same messages and bytes")
def both_count_the_same(context: Any) -> None:
    context.trial.promise("second opinion on reading")


@then("the completion time is reported")
def completion_time_is_reported(context: Any) -> None:
    context.load.judge_completion()
    context.trial.promise("completion time")
