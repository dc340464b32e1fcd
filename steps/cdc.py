"""Change data capture: what is written to the database, and what arrives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, then, when

from support.experiment.cdc_trial import CdcTrial

ARRIVED = (
    "statements accepted",
    "CDC changes missing",
    "CDC rolled back visible",
    "CDC caught up",
    "task state",
    "replication slot",
)
HELP = ("back without help", "resumes after space is freed")
"""Checks of what a person would have had to do; judged where something was broken."""


def promise_arrived(context: Any, names: tuple[str, ...]) -> None:
    """Promises these checks, and those of HELP that were judged."""
    helped = (check for name in HELP for check in context.trial.judged(name))
    context.trial.promise_all(*names, *helped)


def _new_trial(context: Any) -> None:
    context.session.prove_ready()
    context.cdc = CdcTrial(context.trial)


@given("Debezium is producing CDC events")
def producing_events(context: Any) -> None:
    _new_trial(context)
    context.cdc.start_changes()


@given("Debezium is producing CDC events in a worker with Kafka Connect's default heartbeat")
def producing_with_default_heartbeat(context: Any) -> None:
    _new_trial(context)
    context.cdc.use_default_heartbeat()
    context.cdc.start_changes()


@given("Debezium is producing CDC events {form} of tables without REPLICA IDENTITY FULL")
def producing_with_default_identity(context: Any, form: str) -> None:
    _new_trial(context)
    context.cdc.use_default_identity(wrapped={"with schema": True, "without schema": False}[form])
    context.cdc.start_changes()


@given("Debezium's initial snapshot is complete")
def captured(context: Any) -> None:
    _new_trial(context)
    context.cdc.start_capture()


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
    promise_arrived(context, ("snapshot rows", "legal envelopes", "task state"))


@then("all database changes appear in Kafka topics")
@then("all database changes appear in Kafka topics after recovery")
def nothing_is_missing(context: Any) -> None:
    promise_arrived(context, ARRIVED)


@then("every event is an envelope with before, after, op and source")
def envelopes_are_legal(context: Any) -> None:
    context.trial.promise_all("legal envelopes", "CDC before", "CDC tombstones")


@then("every event is an envelope with after, op and source")
def envelopes_without_before(context: Any) -> None:
    context.trial.promise_all("legal envelopes", "CDC tombstones")


@then("applying the events in order gives exactly the rows in PostgreSQL")
def image_is_right(context: Any) -> None:
    context.trial.promise_all("CDC image", "CDC order", "CDC duplicates")


@then("changes arrive again within {limit:Duration} after Kafka is ready")
def changes_arrive_again(context: Any, limit: timedelta) -> None:
    context.cdc.judge_recovery(limit)
    context.trial.promise_all("CDC recovery time", "CDC fault effect")


@then("recovery time of CDC is documented")
def recovery_of_changes_is_documented(context: Any) -> None:
    context.cdc.judge_recovery(None)
    context.trial.promise_all("CDC recovery time", "CDC fault effect")


@then("CDC resumes from the last committed offset, without another snapshot")
def cdc_resumes(context: Any) -> None:
    offset = context.trial.judged("resent from the commit")
    context.trial.promise_all(*offset, "resent bound", "snapshot repeated")
