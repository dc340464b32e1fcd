"""A broker whose disk runs full."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.cdc_changes import CdcChanges
from support.experiment.full_disk import FullDisk, disk_shape
from support.experiment.needs import ISOLATED_STACK, needs
from support.promises.delivery_faults import FAULT_EFFECT, RECOVERY_TIME, STUCK_AFTER_HEAL
from support.promises.delivery_log import ACCEPTED, LOG_DUPLICATES
from support.promises.edge import DISK_FULL, ERROR_AT_THE_PRODUCER, RESUMES_AFTER_SPACE_IS_FREED


@given("Kafka broker is running on a small disk")
@needs(ISOLATED_STACK)
def small_disk(context: Any) -> None:
    context.session.prove_ready()
    context.disk = FullDisk(context.trial)
    context.load = context.disk.load


@given("Debezium is producing CDC events to a Kafka broker on a small disk")
@needs(ISOLATED_STACK)
def capturing_to_a_small_disk(context: Any) -> None:
    context.session.prove_ready()
    context.trial.use_isolated_stack(disk_shape(connect=True))
    context.cdc = CdcChanges(context.trial)
    context.cdc.capture.start_changes()


@when("test producer sends CDC events until {fault:FullDisk}, and space is freed")
def produce_until_full(context: Any, fault: Any) -> None:
    context.disk.run_until_full(fault)


@when("{fault:FullDisk} during database changes, and space is freed")
def changes_until_full(context: Any, fault: Any) -> None:
    context.cdc.run_through(fault)
    context.cdc.settle()


@then("the broker stops accepting messages and logs a clear error")
def stops_accepting(context: Any) -> None:
    context.require(DISK_FULL, FAULT_EFFECT)


@then("producers receive an error and can retry after space is freed")
def producer_can_retry(context: Any) -> None:
    context.require(ERROR_AT_THE_PRODUCER, RESUMES_AFTER_SPACE_IS_FREED)


@then("every message arrives after recovery")
def everything_arrives(context: Any) -> None:
    context.require(ACCEPTED, STUCK_AFTER_HEAL)


@then("duplicate rate, recovery time and longest stall of the producer are documented")
def producer_recovery(context: Any) -> None:
    context.require(LOG_DUPLICATES, RECOVERY_TIME)
