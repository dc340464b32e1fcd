"""Consumers and groups: how they are restarted, and what they receive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, then, when

from support.experiment import restarted_consumer
from support.experiment.faulted_load import records
from support.promises.delivery_consumers import (
    COMMIT_AHEAD_OF_PROCESSING,
    COMMIT_REGRESSION,
    CONSUMER_RESTART_TIME,
    DIVIDED_AMONG_MEMBERS,
    FINAL_COMMIT,
    GROUP_CROSS_TALK,
    NON_MONOTONIC_POLL,
    POLL_SKIP,
    POSITION_KEPT,
    RECEIVED,
    REDELIVERY_BOUND,
    RESUMED,
    UNEXPECTED_REBALANCE,
    UNSEEN,
)
from support.promises.delivery_faults import STUCK_AFTER_HEAL
from support.promises.delivery_log import ACCEPTED

READING = (
    UNSEEN,
    POLL_SKIP,
    NON_MONOTONIC_POLL,
    COMMIT_AHEAD_OF_PROCESSING,
    FINAL_COMMIT,
)
READING_CALMLY = (*READING, COMMIT_REGRESSION, UNEXPECTED_REBALANCE)


@given("a test consumer is consuming messages")
def consumer_is_consuming(context: Any) -> None:
    context.load.observe()


@given("session timeout of the consumer is {session:Duration}")
def session_timeout_is(context: Any, session: timedelta) -> None:
    context.load.session = session


@when("{restart:Restart} at message {at:d} of {n:d}")
def restart_consumer(context: Any, restart: Any, at: int, n: int) -> None:
    restarted_consumer.restart_consumer(context.load, restart, at, n)


@when("test consumer is closed at message {at:d} of {n:d}, {fault:Fault}, and consumer reconnects")
def reconnect_consumer(context: Any, at: int, n: int, fault: Any) -> None:
    restarted_consumer.reconnect_after(context.load, fault, at, n)


@when(
    "two consumer groups consume simultaneously, and one is restarted at message {at:d} of {n:d} "
    "and consumes slowly"
)
def restart_one_group(context: Any, at: int, n: int) -> None:
    restarted_consumer.restart_one_of_two_groups(context.load, at, n)


@when("two consumers in one group consume while test producer sends {n:d} messages")
def share_a_group(context: Any, n: int) -> None:
    restarted_consumer.share_a_group(context.load, n)


@then("consumer receives all {n:d} messages")
@then("both groups receive all {n:d} messages")
@then("the group receives all {n:d} messages")
def received_everything(context: Any, n: int) -> None:
    context.require(ACCEPTED, RECEIVED.exactly(records(context.load, n)), UNSEEN)


@then("consumer receives all {n:d} messages after broker recovers")
def received_everything_after_recovery(context: Any, n: int) -> None:
    context.require(ACCEPTED, RECEIVED.exactly(records(context.load, n)), UNSEEN, STUCK_AFTER_HEAL)


@then("consumer receives every message in order and commits only what it has processed")
def reads_in_order(context: Any) -> None:
    context.require(*READING_CALMLY)


@then("consumer keeps its position and skips no message")
def keeps_its_position(context: Any) -> None:
    context.require(*READING, POSITION_KEPT)


@then("consumer resumes from its last committed offset")
def resumes(context: Any) -> None:
    context.require(RESUMED)


@then("consumer processes messages again within {limit:Duration}")
@then(
    "consumer processes messages again within {limit:Duration}, or the wait for its session "
    "timeout is a deviation"
)
def recovers_within(context: Any, limit: timedelta) -> None:
    context.require(CONSUMER_RESTART_TIME.below(limit))


@then("at most the messages of one commit interval are delivered again")
def redeliveries_are_bounded(context: Any) -> None:
    context.require(REDELIVERY_BOUND)


@then("neither group takes messages away from the other")
def groups_are_independent(context: Any) -> None:
    context.require(GROUP_CROSS_TALK)


@then("the messages are divided between the two consumers")
def members_share(context: Any) -> None:
    context.require(DIVIDED_AMONG_MEMBERS)
