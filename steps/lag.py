"""A consumer group that falls behind."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.lag_trial import LagTrial


@given("Kafka is running, and a consumer group reads slowly")
def slow_group(context: Any) -> None:
    context.session.prove_ready()
    context.load = LagTrial(context.trial)


@when("the group falls {n:d} messages behind and then consumes at full speed")
def fall_behind(context: Any, n: int) -> None:
    context.load.fall_behind(n)
    context.load.catch_up()
    context.load.settle()


@when("the group falls {n:d} messages behind and stops while Kafka UI is running")
def fall_behind_with_ui(context: Any, n: int) -> None:
    context.load.with_ui()
    context.load.fall_behind(n)
    context.load.compare_with_ui()


@then("consumer lag is measured for every partition")
def lag_measured(context: Any) -> None:
    context.trial.promise("lag reached")


@then("the group catches up, and its rate is documented")
def lag_caught_up(context: Any) -> None:
    context.trial.promise_all("lag caught up", "unseen")


@then("the topic keeps messages for 7 days")
def keeps_for_7_days(context: Any) -> None:
    context.load.judge_retention_settings()
    context.trial.promise("retention settings")


@then("Kafka UI shows the same lag as Kafka")
def ui_shows_lag(context: Any) -> None:
    context.trial.promise("lag in Kafka UI")
