"""What the broker promises about delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import then

READING = (
    "unseen",
    "poll skip",
    "non-monotonic poll",
    "commit ahead of processing",
    "final commit",
)
READING_CALMLY = (*READING, "commit regression", "unexpected rebalance")
LOG = ("corrupt", "damaged", "reordered", "phantom", "changed on re-read", "log truncated")


@then("Kafka accepts all messages")
def all_accepted(context: Any) -> None:
    context.trial.promise("accepted")


@then("no message is lost")
@then("no acknowledged message is lost")
def nothing_lost(context: Any) -> None:
    context.trial.promise_all("lost", "retention violated")


@then("consumer receives all {n:d} messages")
@then("both groups receive all {n:d} messages")
@then("the group receives all {n:d} messages")
def received_everything(context: Any, n: int) -> None:
    context.load.judge_received(n)
    context.trial.promise_all("accepted", "received", "unseen")


@then("consumer receives all {n:d} messages after broker recovers")
def received_everything_after_all(context: Any, n: int) -> None:
    context.load.judge_received(n)
    context.trial.promise_all("accepted", "received", "unseen", "stuck after heal")


@then("every message in the topic is intact, in order and from the producer")
def log_is_clean(context: Any) -> None:
    context.trial.promise_all(*LOG)


@then("the consumer is given every message in order and commits only what it processed")
def reads_in_order(context: Any) -> None:
    context.trial.promise_all(*READING_CALMLY)


@then("consumer keeps its place: it loses no message and skips none")
def keeps_its_place(context: Any) -> None:
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
    "consumer processes messages again within {limit:Duration}, or the wait for its old session "
    "is a deviation"
)
def recovery_is_explained(context: Any, limit: timedelta) -> None:
    context.load.judge_recovery_of_dynamic_member(limit)
    context.trial.promise("consumer restart time")


@then("messages delivered again are no more than a commit interval can hold")
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


@then("nothing is stored or delivered twice")
def nothing_twice(context: Any) -> None:
    context.load.judge_nothing_twice()
    context.trial.promise("nothing twice")


@then("duplicates, recovery time and stall are reported")
def recovery_is_reported(context: Any) -> None:
    context.trial.promise_all(
        "log duplicates", "redelivered", "fault effect", "recovery time", "consumer recovery time"
    )


@then("no setting weakens at-least-once delivery")
def configuration_keeps_the_promise(context: Any) -> None:
    context.trial.promise("at-least-once configuration")
