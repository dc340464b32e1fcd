"""Messages that are older than the retention time of their topic."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.needs import ISOLATED_STACK, needs
from support.experiment.retention import Retention
from support.promises.lag import LOST_TO_RETENTION, RETENTION_KEPT, RETENTION_SETTINGS


@given(
    "a topic has messages that are 8 days, 6 days 23 hours and 0 days old, and a group has read "
    "none of them"
)
@needs(ISOLATED_STACK)
def aged_messages(context: Any) -> None:
    context.session.prove_ready()
    context.retention = Retention(context.trial)
    context.retention.write_aged()


@when("the broker has applied its retention policy")
def retention_applied(context: Any) -> None:
    context.retention.await_retention()


@then("messages older than 7 days are deleted, and newer ones are kept")
def retention_by_time(context: Any) -> None:
    context.require(RETENTION_SETTINGS, RETENTION_KEPT)


@then("messages that expired before the group read them are counted and reported")
def lost_to_retention(context: Any) -> None:
    context.require(LOST_TO_RETENTION)
