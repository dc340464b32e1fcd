"""Change data capture: what is written to the database, and what arrives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, then, when

from support.experiment.cdc_trial import CdcTrial
from support.experiment.snapshot_trial import SnapshotTrial

ARRIVED = (
    "statements accepted",
    "CDC changes missing",
    "CDC rolled back visible",
    "CDC caught up",
    "task state",
    "replication slot",
)
HELP = ("back without help", "resumes after space is freed")
"""What a person would have had to do; judged where something was broken."""


def promise_arrived(context: Any, names: tuple[str, ...]) -> None:
    """These checks, and those of the help that was given."""
    helped = (check for name in HELP for check in context.trial.judged(name))
    context.trial.promise_all(*names, *helped)


def _new_trial(context: Any) -> None:
    context.session.prove_ready()
    context.cdc = CdcTrial(context.trial)


@given("{n:d} rows are in the tables videos, users and comments")
def tables_are_full(context: Any, n: int) -> None:
    context.session.prove_ready()
    context.snapshot = SnapshotTrial(context.trial)
    context.snapshot.fill(n)


@given("Debezium is producing CDC events")
def producing_events(context: Any) -> None:
    _new_trial(context)
    context.cdc.start_changes()


@given("Debezium is producing CDC events in a worker with Kafka Connect's default heartbeat")
def producing_with_default_heartbeat(context: Any) -> None:
    _new_trial(context)
    context.cdc.use_default_heartbeat()
    context.cdc.start_changes()


@given("Debezium is producing CDC events {form} of tables that tell only the key of a changed row")
def producing_with_default_identity(context: Any, form: str) -> None:
    _new_trial(context)
    context.cdc.use_default_identity(wrapped={"with schema": True, "without schema": False}[form])
    context.cdc.start_changes()


@given("Debezium has captured the tables")
def captured(context: Any) -> None:
    _new_trial(context)
    context.cdc.start_capture()


@when("Debezium takes its snapshot while Kafka broker is monitored")
def take_snapshot(context: Any) -> None:
    context.snapshot.take()
    context.snapshot.judge_rows()


@when("Debezium's snapshot goes through {fault:CaptureRestart}")
def take_snapshot_through(context: Any, fault: Any) -> None:
    context.snapshot.take_through(fault)
    context.snapshot.judge_rows()


@when("Debezium takes the snapshot of {n:d} rows while they are changed")
def take_snapshot_meanwhile(context: Any, n: int) -> None:
    _new_trial(context)
    context.cdc.snapshot_meanwhile(n)
    context.cdc.settle()


@when("database changes go on for {duration:Duration}")
def changes_go_on(context: Any, duration: timedelta) -> None:
    context.cdc.run_calmly(duration)
    context.cdc.settle()


@when("Kafka broker goes through {fault:Fault} during database changes")
@when("Debezium goes through {fault:CaptureRestart} during database changes")
def changes_through_fault(context: Any, fault: Any) -> None:
    context.cdc.run_through(fault)
    context.cdc.settle()


@when(
    "Kafka broker goes through {fault:Fault}, and the worker is restarted {rescue:Duration} later"
)
def changes_through_fault_and_rescue(context: Any, fault: Any, rescue: timedelta) -> None:
    context.cdc.run_through(fault, rescue=rescue)
    context.cdc.settle()


@when("Debezium goes through {fault:CaptureRestart} in the middle of the rows of {how}")
def fault_in_the_middle(context: Any, fault: Any, how: str) -> None:
    context.cdc.restart_in_the_middle(how, fault)
    context.cdc.settle()


@then("every row is in Kafka exactly as in PostgreSQL")
def rows_are_the_same(context: Any) -> None:
    promise_arrived(context, ("snapshot rows", "legal envelopes", "task state"))


@then("neither Kafka nor Kafka Connect logged an error")
def no_errors_logged(context: Any) -> None:
    context.trial.promise("logged errors")


@then("the completion time of the snapshot is reported")
def snapshot_time_is_reported(context: Any) -> None:
    jmx = context.trial.judged("JMX measured")
    context.trial.promise_all("completion time", "resources measured", *jmx)


@then("changes were made while the snapshot was taken")
def changes_were_made(context: Any) -> None:
    context.cdc.judge_changed_meanwhile()
    context.trial.promise("changed meanwhile")


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


@then("the events fold into the rows that PostgreSQL has, in order")
def image_is_right(context: Any) -> None:
    context.trial.promise_all("CDC image", "CDC order", "CDC duplicates")


@then("changes arrive again within {limit:Duration} after Kafka is ready")
def changes_arrive_again(context: Any, limit: timedelta) -> None:
    context.cdc.judge_recovery(limit)
    context.trial.promise_all("CDC recovery time", "CDC fault effect")


@then("the time until changes arrive again is reported")
def recovery_of_changes_is_reported(context: Any) -> None:
    context.cdc.judge_recovery(None)
    context.trial.promise_all("CDC recovery time", "CDC fault effect")


@then("CDC resumes from the last committed offset, without another snapshot")
def cdc_resumes(context: Any) -> None:
    offset = context.trial.judged("resent from the commit")
    context.trial.promise_all(*offset, "resent bound", "snapshot repeated")
