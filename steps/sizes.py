"""Events and rows of every size, up to and above each limit."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.event_sizes import EventSizes
from support.experiment.large_rows import LargeRows
from support.experiment.needs_of_team import a_captured_table, needs_of_team
from support.promises.cdc_recovery import TASK_STATE
from support.promises.edge import ROWS_WHOLE, SIZE_LIMITS, SIZES, TASK_OUTCOME


@given("the size limits of producer, Kafka Connect, topic and consumer match")
@needs_of_team(a_captured_table)
def limits_match(context: Any) -> None:
    context.session.prove_ready()
    context.sizes = EventSizes(context.trial)
    context.sizes.record_limits()
    context.require(SIZE_LIMITS)


@given("Debezium captures rows of any size")
def captures_rows(context: Any) -> None:
    context.session.prove_ready()
    context.rows = LargeRows(context.trial)
    context.rows.start()


@when("test producer sends events of 64 KB, of 512 KB, and just under, at and just over each limit")
def send_sizes(context: Any) -> None:
    context.sizes.send_around_every_limit()


@when(
    "rows of 64 KB, of 512 KB, and just under and just over the limit of its producer are inserted"
)
def insert_sizes(context: Any) -> None:
    context.rows.insert_until_one_is_too_large()


@then("every event within its limit is stored and read back whole, and every larger one is refused")
def sizes_as_limits(context: Any) -> None:
    context.require(SIZES)


@then("the row over the limit stops the connector's task with an error that names its size")
def task_is_stopped(context: Any) -> None:
    context.require(TASK_OUTCOME)


@then("after the limits are raised every row arrives whole")
def rows_arrive(context: Any) -> None:
    context.rows.raise_the_limits()
    context.require(SIZES, ROWS_WHOLE, TASK_STATE)
