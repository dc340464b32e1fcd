"""A consumer group that falls behind."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.lagging_group import LaggingGroup
from support.experiment.needs import KAFKA_UI, needs
from support.promises.delivery_consumers import UNSEEN
from support.promises.lag import (
    LAG_CAUGHT_UP,
    LAG_IN_KAFKA_UI,
    LAG_NEVER_NEGATIVE,
    LAG_REACHED,
    RETENTION_SETTINGS,
)


@given("Kafka is running, and a consumer group reads slowly")
def slow_group(context: Any) -> None:
    context.session.prove_ready()
    context.group = LaggingGroup(context.trial)


@when("the group falls {n:d} messages behind and then consumes at full speed")
def fall_behind(context: Any, n: int) -> None:
    context.group.fall_behind_and_catch_up(n)


@when("the group falls {n:d} messages behind and stops while Kafka UI is running")
@needs(KAFKA_UI)
def fall_behind_with_ui(context: Any, n: int) -> None:
    context.group.use_ui()
    context.group.fall_behind(n)
    context.group.compare_with_ui()


@then("consumer lag is measured for every partition")
def lag_measured(context: Any) -> None:
    context.require(LAG_REACHED, LAG_NEVER_NEGATIVE)


@then("the group catches up, and its rate is documented")
def lag_caught_up(context: Any) -> None:
    context.require(LAG_CAUGHT_UP, UNSEEN)


@then("the topic keeps messages for 7 days")
def keeps_for_7_days(context: Any) -> None:
    context.group.record_retention_settings()
    context.require(RETENTION_SETTINGS)


@then("Kafka UI shows the same lag as Kafka")
def ui_shows_lag(context: Any) -> None:
    context.require(LAG_IN_KAFKA_UI)
