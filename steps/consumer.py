"""Consumers and groups: how they are restarted, and what they receive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, then, when

READING = (
    "unseen",
    "poll skip",
    "non-monotonic poll",
    "commit ahead of processing",
    "final commit",
)
READING_CALMLY = (*READING, "commit regression", "unexpected rebalance")


@given("a test consumer is consuming messages")
def consumer_is_consuming(context: Any) -> None:
    context.load.observe()


@given("session timeout of the consumer is {session:Duration}")
def session_timeout_is(context: Any, session: timedelta) -> None:
    context.load.session = session


@when("{restart:Restart} at message {at:d} of {n:d}")
def restart_consumer(context: Any, restart: Any, at: int, n: int) -> None:
    context.load.restart_consumer(restart, at, n)
    context.load.settle()


@when("test consumer is closed at message {at:d} of {n:d}, {fault:Fault}, and consumer reconnects")
def reconnect_consumer(context: Any, at: int, n: int, fault: Any) -> None:
    context.load.reconnect_after(fault, at, n)
    context.load.settle()


@when(
    "two consumer groups consume simultaneously, and one is restarted at message {at:d} of {n:d} "
    "and consumes slowly"
)
def restart_one_group(context: Any, at: int, n: int) -> None:
    context.load.restart_one_of_two_groups(at, n)
    context.load.settle()


@when("two consumers in one group consume while test producer sends {n:d} messages")
def share_a_group(context: Any, n: int) -> None:
    context.load.share_a_group(n)
    context.load.settle()


@then("consumer receives all {n:d} messages")
@then("both groups receive all {n:d} messages")
@then("the group receives all {n:d} messages")
def received_everything(context: Any, n: int) -> None:
    context.load.judge_received(n)
    context.trial.promise_all("accepted", "received", "unseen")


@then("consumer receives all {n:d} messages after broker recovers")
def received_everything_after_recovery(context: Any, n: int) -> None:
    context.load.judge_received(n)
    context.trial.promise_all("accepted", "received", "unseen", "stuck after heal")


@then("consumer receives every message in order and commits only what it has processed")
def reads_in_order(context: Any) -> None:
    context.trial.promise_all(*READING_CALMLY)


@then("consumer keeps its position and skips no message")
def keeps_its_position(context: Any) -> None:
    context.load.judge_place_kept()
    context.trial.promise_all(*READING, "place kept")


@then("consumer resumes from its last committed offset")
def resumes(context: Any) -> None:
    context.load.judge_resumed()
    context.trial.promise("resumed")


@then("consumer processes messages again within {limit:Duration}")
def recovers_within(context: Any, limit: timedelta) -> None:
    context.load.judge_recovery_of_consumer(limit)
    context.trial.promise("consumer restart time")


@then(
    "consumer processes messages again within {limit:Duration}, or the wait for its session "
    "timeout is a deviation"
)
def recovery_is_explained(context: Any, limit: timedelta) -> None:
    context.load.judge_recovery_of_dynamic_member(limit)
    context.trial.promise("consumer restart time")


@then("at most the messages of one commit interval are delivered again")
def redeliveries_are_bounded(context: Any) -> None:
    context.load.judge_redeliveries()
    context.trial.promise("redelivery bound")


@then("neither group takes messages away from the other")
def groups_are_independent(context: Any) -> None:
    context.trial.promise("group cross-talk")


@then("the messages are divided between the two consumers")
def members_share(context: Any) -> None:
    context.load.judge_divided()
    context.trial.promise("divided among members")
