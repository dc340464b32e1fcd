"""What the broker promises about speed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then


@then("broker becomes ready to accept connections in less than {limit:Duration}")
def starts_quickly(context: Any, limit: timedelta) -> None:
    context.startup.judge_startup(limit)
    context.trial.promise("start-up time")


@then("any startup time above {limit:Duration} is explained by the broker's session lease")
def startup_is_explained(context: Any, limit: timedelta) -> None:
    context.startup.judge_startup_after_crash(limit)
    context.trial.promise("start-up time after a crash")


@then("the existing data is still there")
def data_is_there(context: Any) -> None:
    context.startup.judge_data()
    context.trial.promise("lost")
    context.trial.promise("corrupt")


@then("the {figure} latency is below {limit:Duration}")
def latency_is_below(context: Any, figure: str, limit: timedelta) -> None:
    context.load.judge_latency(figure, limit)
    context.trial.promise(f"{figure} latency")


@then("the load kept its rate within {percent:g} percent")
def rate_was_kept(context: Any, percent: float) -> None:
    context.load.judge_pacing(percent)
    context.trial.promise("achieved rate")
    context.trial.promise("lateness of the generator")


@then("throughput, latency percentiles and resource usage are recorded")
def resources_are_recorded(context: Any) -> None:
    context.trial.promise("resources measured")
