"""Change data capture: what is written to the database, and what arrives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, then, when

from support.experiment.cdc_changes import CdcChanges
from support.experiment.cdc_faults import worker_with_default_heartbeat
from support.experiment.needs import ISOLATED_WORKER, needs
from support.promises.cdc import (
    CDC_BEFORE,
    CDC_CHANGES_MISSING,
    CDC_DUPLICATES,
    CDC_IMAGE,
    CDC_ORDER,
    CDC_ROLLED_BACK_VISIBLE,
    CDC_TOMBSTONES,
    LEGAL_ENVELOPES,
    STATEMENTS_ACCEPTED,
)
from support.promises.cdc_recovery import (
    BACK_WITHOUT_HELP,
    CDC_CAUGHT_UP,
    CDC_FAULT_EFFECT,
    CDC_RECOVERY_TIME,
    REPLICATION_SLOT,
    RESENT_BOUND,
    RESENT_FROM_THE_COMMIT,
    TASK_STATE,
)
from support.promises.cdc_snapshot import SNAPSHOT_REPEATED, SNAPSHOT_ROWS
from support.promises.definition import CheckDefinition
from support.promises.edge import RESUMES_AFTER_SPACE_IS_FREED

ARRIVED = (
    STATEMENTS_ACCEPTED,
    CDC_CHANGES_MISSING,
    CDC_ROLLED_BACK_VISIBLE,
    CDC_CAUGHT_UP,
    TASK_STATE,
    REPLICATION_SLOT,
)
HELP = (BACK_WITHOUT_HELP, RESUMES_AFTER_SPACE_IS_FREED)
"""Checks of what a person would have had to do; judged where something was broken."""


def require_arrived(context: Any, checks: tuple[CheckDefinition, ...]) -> None:
    """Requires these checks, and those of HELP where something was broken."""
    helped = context.trial.verdicts.recorded(*HELP)
    context.require(*checks, *helped)


@given("Debezium is producing CDC events")
def producing_events(context: Any) -> None:
    context.session.prove_ready()
    context.cdc = CdcChanges(context.trial)
    context.cdc.capture.start_changes()


@given("Debezium is producing CDC events in a worker with Kafka Connect's default heartbeat")
@needs(ISOLATED_WORKER)
def producing_with_default_heartbeat(context: Any) -> None:
    context.session.prove_ready()
    worker = worker_with_default_heartbeat(context.trial)
    context.cdc = CdcChanges(context.trial, worker=worker)
    context.cdc.capture.start_changes()


@given("Debezium is producing CDC events {form} of tables without REPLICA IDENTITY FULL")
def producing_with_default_identity(context: Any, form: str) -> None:
    context.session.prove_ready()
    context.cdc = CdcChanges(context.trial)
    wrapped = {"with schema": True, "without schema": False}[form]
    context.cdc.capture.use_default_identity(wrapped=wrapped)
    context.cdc.capture.start_changes()


@given("Debezium's initial snapshot is complete")
def captured(context: Any) -> None:
    context.session.prove_ready()
    context.cdc = CdcChanges(context.trial)
    context.cdc.capture.start()


@when("database changes are made for {duration:Duration}")
def make_changes(context: Any, duration: timedelta) -> None:
    context.cdc.run_calmly(duration)
    context.cdc.settle()


@when("Kafka {fault:Fault} during database changes")
@when("{fault:CaptureRestart} during database changes")
def changes_through_fault(context: Any, fault: Any) -> None:
    context.cdc.run_through(fault)
    context.cdc.settle()


@when(
    "Kafka {fault:Fault} during database changes, and the worker is restarted "
    "{rescue:Duration} later"
)
def changes_through_fault_and_rescue(context: Any, fault: Any, rescue: timedelta) -> None:
    context.cdc.run_through(fault, rescue=rescue)
    context.cdc.settle()


@when("{fault:CaptureRestart} in the middle of {how}")
def fault_in_the_middle(context: Any, fault: Any, how: str) -> None:
    context.cdc.restart_in_the_middle(how, fault)
    context.cdc.settle()


@then("every row is in Kafka exactly as in PostgreSQL")
def rows_are_the_same(context: Any) -> None:
    require_arrived(context, (SNAPSHOT_ROWS, LEGAL_ENVELOPES, TASK_STATE))


@then("all database changes appear in Kafka topics")
@then("all database changes appear in Kafka topics after recovery")
def nothing_is_missing(context: Any) -> None:
    require_arrived(context, ARRIVED)


@then("every event is an envelope with before, after, op and source")
def envelopes_are_legal(context: Any) -> None:
    context.require(LEGAL_ENVELOPES, CDC_BEFORE, CDC_TOMBSTONES)


@then("every event is an envelope with after, op and source")
def envelopes_without_before(context: Any) -> None:
    context.require(LEGAL_ENVELOPES, CDC_TOMBSTONES)


@then("applying the events in order gives exactly the rows in PostgreSQL")
def image_is_right(context: Any) -> None:
    context.require(CDC_IMAGE, CDC_ORDER, CDC_DUPLICATES)


@then("changes arrive again within {limit:Duration} after Kafka is ready")
def changes_arrive_again(context: Any, limit: timedelta) -> None:
    context.require(CDC_RECOVERY_TIME.below(limit), CDC_FAULT_EFFECT)


@then("recovery time of CDC is documented")
def recovery_of_changes_is_documented(context: Any) -> None:
    context.require(CDC_RECOVERY_TIME.measured(), CDC_FAULT_EFFECT)


@then("CDC resumes from the last committed offset, without another snapshot")
def cdc_resumes(context: Any) -> None:
    offset = context.trial.verdicts.recorded(RESENT_FROM_THE_COMMIT)
    context.require(*offset, RESENT_BOUND, SNAPSHOT_REPEATED)
