"""At-least-once delivery: what is accepted, lost, stored and sent again."""

from __future__ import annotations

from typing import Any

from behave import then

from support.promises.delivery_consumers import REDELIVERED
from support.promises.delivery_faults import CONSUMER_RECOVERY_TIME, FAULT_EFFECT, RECOVERY_TIME
from support.promises.delivery_log import (
    ACCEPTED,
    AT_LEAST_ONCE_CONFIGURATION,
    CHANGED_ON_RE_READ,
    CORRUPT,
    DAMAGED,
    LOG_DUPLICATES,
    LOG_TRUNCATED,
    LOST,
    NOTHING_TWICE,
    PHANTOM,
    REORDERED,
    RETENTION_VIOLATED,
    WORKER_CONFIGURATION,
)

LOG = (CORRUPT, DAMAGED, REORDERED, PHANTOM, CHANGED_ON_RE_READ, LOG_TRUNCATED)


@then("Kafka accepts all messages")
def all_accepted(context: Any) -> None:
    context.require(ACCEPTED)


@then("no message is lost")
@then("no acknowledged message is lost")
def nothing_lost(context: Any) -> None:
    context.require(LOST, RETENTION_VIOLATED)


@then("every message in the topic is exactly what test producer sent, in order")
def log_is_clean(context: Any) -> None:
    context.require(*LOG)


@then("no message is stored or delivered twice")
def nothing_twice(context: Any) -> None:
    context.require(NOTHING_TWICE)


@then("duplicate rate, recovery time and longest stall are documented")
def recovery_is_documented(context: Any) -> None:
    context.require(
        LOG_DUPLICATES, REDELIVERED, FAULT_EFFECT, RECOVERY_TIME, CONSUMER_RECOVERY_TIME
    )


@then("no setting weakens at-least-once delivery")
def configuration_is_at_least_once(context: Any) -> None:
    context.require(AT_LEAST_ONCE_CONFIGURATION)


@then("no setting of the worker weakens at-least-once delivery")
def worker_is_at_least_once(context: Any) -> None:
    context.require(WORKER_CONFIGURATION)
