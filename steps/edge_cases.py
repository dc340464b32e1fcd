"""The edge cases: what happens at the limits of disk, size, time and control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from behave import given, then, when

from support.experiment.cdc_trial import CdcTrial
from support.experiment.controller_trial import ControllerTrial
from support.experiment.disk_trial import DiskTrial, disk_shape
from support.experiment.lag_trial import LagTrial
from support.experiment.large_row_trial import LargeRowTrial
from support.experiment.retention_trial import RetentionTrial
from support.experiment.size_trial import SizeTrial


def load_of(context: Any, make: Callable[[], Any]) -> None:
    """The trial that `make` gives. Raises Unavailable where it can't be had here."""
    context.session.prove_ready()
    context.load = make()


@given("Kafka broker is running with a controller in a process of its own")
def split_controller(context: Any) -> None:
    load_of(context, lambda: ControllerTrial(context.trial, split=True))


@given("Kafka broker is running as its own controller")
def combined_controller(context: Any) -> None:
    load_of(context, lambda: ControllerTrial(context.trial, split=False))


@given("Kafka broker is running on a small disk")
def small_disk(context: Any) -> None:
    load_of(context, lambda: DiskTrial(context.trial))


@given("Debezium is producing CDC events to a Kafka broker on a small disk")
def capturing_to_a_small_disk(context: Any) -> None:
    load_of(context, lambda: CdcTrial.aside(context.trial, disk_shape(connect=True)))
    context.cdc = context.load
    context.cdc.start_changes()


@given("Kafka is running, and a consumer group reads slowly")
def slow_group(context: Any) -> None:
    load_of(context, lambda: LagTrial(context.trial))


@given(
    "a topic has messages of 8 days, of 6 days and 23 hours, and of now, and a group that has "
    "read none"
)
def aged_messages(context: Any) -> None:
    load_of(context, lambda: RetentionTrial(context.trial))
    context.load.write_aged()


@given("the size limits of producer, Kafka Connect, topic and consumer fit each other")
def limits_fit(context: Any) -> None:
    load_of(context, lambda: SizeTrial(context.trial))
    context.load.judge_limits()
    context.trial.promise("size limits")


@given("Debezium captures rows of any size")
def captures_rows(context: Any) -> None:
    load_of(context, lambda: LargeRowTrial(context.trial))
    context.load.start()


@when("test producer sends events of 64 KB, of 512 KB, and just under, at and just over each limit")
def send_sizes(context: Any) -> None:
    context.load.send_around_every_limit()


@when(
    "rows are inserted of 64 KB, of 512 KB, and just under and just over the limit of its producer"
)
def insert_sizes(context: Any) -> None:
    context.load.insert_until_one_is_too_large()


@then("every event within its limit is stored and read back whole, and every larger one is refused")
def sizes_as_limits(context: Any) -> None:
    context.trial.promise("sizes")


@then("the row over the limit stops the connector's task with an error that names its size")
def task_is_stopped(context: Any) -> None:
    context.trial.promise("task fate")


@then("after the limits are raised every row arrives whole")
def rows_arrive(context: Any) -> None:
    context.load.raise_the_limits()
    context.trial.promise_all("sizes", "rows whole", "task state")


@when("the group falls {n:d} messages behind, and is let go")
def fall_behind(context: Any, n: int) -> None:
    context.load.fall_behind(n)
    context.load.catch_up()
    context.load.settle()


@when("the group falls {n:d} messages behind, and stops while Kafka UI is on")
def fall_behind_with_ui(context: Any, n: int) -> None:
    context.load.with_ui()
    context.load.fall_behind(n)
    context.load.compare_with_ui()


@when("the broker has looked for old messages")
def looked_for_old(context: Any) -> None:
    context.load.await_retention()


@then("its lag is measured by Kafka's own word, partition by partition")
def lag_measured(context: Any) -> None:
    context.trial.promise("lag reached")


@then("the group catches up, and its rate is reported")
def lag_caught_up(context: Any) -> None:
    context.trial.promise_all("lag caught up", "unseen")


@then("the topic keeps messages for 7 days")
def keeps_for_7_days(context: Any) -> None:
    context.load.judge_retention_settings()
    context.trial.promise("retention settings")


@then("Kafka UI shows the lag that Kafka has")
def ui_shows_lag(context: Any) -> None:
    context.trial.promise("lag in Kafka UI")


@then("messages older than 7 days are deleted, and the others stay")
def retention_by_time(context: Any) -> None:
    context.trial.promise_all("retention settings", "retention kept")


@then("what was deleted before the group had read it is reported as lost to retention")
def lost_to_retention(context: Any) -> None:
    context.trial.promise("lost to retention")


@when(
    "test producer sends CDC events until the disk is full of {fault:FullDisk}, and space is freed"
)
def produce_until_full(context: Any, fault: Any) -> None:
    context.load.run_until_full(fault)
    context.load.settle()


@when("the disk is full of {fault:FullDisk} during database changes, and space is freed")
def changes_until_full(context: Any, fault: Any) -> None:
    context.cdc.run_through(fault)
    context.cdc.settle()


@then("the broker stops accepting messages and logs a clear error")
def stops_accepting(context: Any) -> None:
    context.trial.promise_all("disk full", "fault effect")


@then("a producer receives an error and can retry after space is freed")
def producer_can_retry(context: Any) -> None:
    context.trial.promise_all("producer told", "resumes after space is freed")


@then("every message arrives after recovery")
def everything_arrives(context: Any) -> None:
    context.trial.promise_all("accepted", "stuck after heal")


@then("duplicates, recovery time and stall of the producer are reported")
def producer_recovery(context: Any) -> None:
    context.trial.promise_all("log duplicates", "recovery time")


@when(
    "test producer sends {n:d} messages and cluster goes through {loss:ControllerLoss} "
    "at message {at:d}"
)
def produce_through_loss(context: Any, n: int, loss: Any, at: int) -> None:
    context.load.run_through(n, loss, at)
    context.load.settle()


@then("messages are accepted, delivered and committed all the time")
def served_meanwhile(context: Any) -> None:
    context.load.judge_served_meanwhile()
    context.trial.promise("served meanwhile")


@then("nothing that the controller decides is decided until it is back")
def nothing_decided(context: Any) -> None:
    context.trial.promise("controller effect")


@then("the recovery time of the controller is reported")
def controller_recovery(context: Any) -> None:
    context.trial.promise_all("controller recovery time", "decides again")
