"""A broker whose disk runs full."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.cdc_trial import CdcTrial
from support.experiment.disk_trial import DiskTrial, disk_shape


@given("Kafka broker is running on a small disk")
def small_disk(context: Any) -> None:
    context.session.prove_ready()
    context.load = DiskTrial(context.trial)


@given("Debezium is producing CDC events to a Kafka broker on a small disk")
def capturing_to_a_small_disk(context: Any) -> None:
    context.session.prove_ready()
    context.cdc = CdcTrial.aside(context.trial, disk_shape(connect=True))
    context.cdc.start_changes()


@when("test producer sends CDC events until {fault:FullDisk}, and space is freed")
def produce_until_full(context: Any, fault: Any) -> None:
    context.load.run_until_full(fault)
    context.load.settle()


@when("{fault:FullDisk} during database changes, and space is freed")
def changes_until_full(context: Any, fault: Any) -> None:
    context.cdc.run_through(fault)
    context.cdc.settle()


@then("the broker stops accepting messages and logs a clear error")
def stops_accepting(context: Any) -> None:
    context.trial.promise_all("disk full", "fault effect")


@then("producers receive an error and can retry after space is freed")
def producer_can_retry(context: Any) -> None:
    context.trial.promise_all("producer told", "resumes after space is freed")


@then("every message arrives after recovery")
def everything_arrives(context: Any) -> None:
    context.trial.promise_all("accepted", "stuck after heal")


@then("duplicate rate, recovery time and longest stall of the producer are documented")
def producer_recovery(context: Any) -> None:
    context.trial.promise_all("log duplicates", "recovery time")
