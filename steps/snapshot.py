"""Debezium's initial snapshot."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.cdc_changes import CdcChanges
from support.experiment.needs import (
    broker_jmx,
    broker_resources,
    logs_of_kafka_and_connect,
    measures,
)
from support.experiment.snapshot import Snapshot
from support.promises.cdc_snapshot import CHANGED_MEANWHILE, LOGGED_ERRORS
from support.promises.performance import COMPLETION_TIME, JMX_MEASURED, RESOURCES_MEASURED


@given("{n:d} rows are in the tables videos, users and comments")
def tables_are_full(context: Any, n: int) -> None:
    context.session.prove_ready()
    context.snapshot = Snapshot(context.trial)
    context.snapshot.fill(n)


@when("Debezium takes its snapshot while Kafka broker is monitored")
def take_snapshot(context: Any) -> None:
    context.snapshot.take()
    context.snapshot.compare_rows()


@when("{fault:CaptureRestart} during Debezium's snapshot")
def take_snapshot_through(context: Any, fault: Any) -> None:
    context.snapshot.take_through(fault)
    context.snapshot.compare_rows()


@when("Debezium takes the snapshot of {n:d} rows while they are changed")
def take_snapshot_meanwhile(context: Any, n: int) -> None:
    context.session.prove_ready()
    context.cdc = CdcChanges(context.trial)
    context.cdc.snapshot_meanwhile(n)
    context.cdc.settle()


@then("neither Kafka nor Kafka Connect logged an error")
@measures(logs_of_kafka_and_connect)
def no_errors_logged(context: Any) -> None:
    context.require(LOGGED_ERRORS)


@then("completion time of the snapshot is documented")
@measures(broker_resources, broker_jmx)
def snapshot_time_is_documented(context: Any) -> None:
    context.require(COMPLETION_TIME, RESOURCES_MEASURED)
    context.require_recorded(JMX_MEASURED)


@then("changes were made while the snapshot was taken")
def changes_were_made(context: Any) -> None:
    context.require(CHANGED_MEANWHILE)
