"""The pipeline that captures the team's tables, as it is."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.team_pipeline import TeamPipeline
from support.promises.team_pipeline import (
    ABANDONED_SLOTS,
    CONNECTOR_SLOTS,
    CONNECTORS_RUNNING,
    EVENTS_OF_CHANGES,
    RETAINED_WAL,
)


@given("Kafka, PostgreSQL and Kafka Connect are running")
def everything_runs(context: Any) -> None:
    context.session.prove_ready()


@when("developer watches the connectors, the replication slots and the captured tables")
def watch_pipeline(context: Any) -> None:
    TeamPipeline(context.trial).watch()


@then("every connector and every task of it is running")
def connectors_run(context: Any) -> None:
    context.require(CONNECTORS_RUNNING)


@then("every connector reads its replication slot and confirms what it has stored")
def slots_are_read(context: Any) -> None:
    context.require(CONNECTOR_SLOTS)


@then("PostgreSQL keeps little write-ahead log for every connector")
def little_is_kept(context: Any) -> None:
    context.require(RETAINED_WAL)


@then("no abandoned replication slot fills the disk of PostgreSQL")
def no_slot_is_abandoned(context: Any) -> None:
    context.require(ABANDONED_SLOTS)


@then("every captured table that changes has new events")
def changes_arrive(context: Any) -> None:
    context.require(EVENTS_OF_CHANGES)
