"""The edge cases: what happens at the limits of disk, size, time and control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from behave import given, then, when

from support.errors import Unavailable
from support.trials.cdc_trial import CdcTrial
from support.trials.controller_trial import ControllerTrial
from support.trials.disk_trial import DiskTrial, disk_shape


def load_of(context: Any, make: Callable[[], Any]) -> None:
    """The trial that `make` gives; where it can't be had here, the scenario is skipped."""
    context.rig.prove_ready()
    try:
        context.load = make()
    except Unavailable as reason:
        context.trial.skipped = str(reason)
        context.scenario.skip(reason.what)


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
    if not context.trial.skipped:
        context.cdc = context.load
        context.cdc.start_changes()


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


@then("a producer receives an error")
def producer_is_told(context: Any) -> None:
    context.trial.promise("producer told")


@then("producers retry, and every message arrives after the broker is restarted")
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
    context.trial.promise("controller recovery time")
