"""What the broker promises about delivery."""

from __future__ import annotations

from typing import Any

from behave import then


@then("Kafka accepts all messages")
def all_accepted(context: Any) -> None:
    context.trial.promise("accepted")


@then("no message is lost")
@then("no acknowledged message is lost")
def nothing_lost(context: Any) -> None:
    context.trial.promise("lost")


@then("consumer receives all {n:d} messages after broker recovers")
def consumer_got_everything(context: Any, n: int) -> None:
    context.load.judge_received(n)
    for check in ("accepted", "received", "unseen"):
        context.trial.promise(check)


@then("every message in the topic is intact, in order and from the producer")
def log_is_clean(context: Any) -> None:
    for check in ("corrupt", "reordered", "phantom"):
        context.trial.promise(check)


@then("the duplicates are counted")
def duplicates_are_counted(context: Any) -> None:
    context.trial.promise("log duplicates")
    context.trial.promise("redelivered")


@then("the recovery time is reported")
def recovery_is_reported(context: Any) -> None:
    for check in ("fault effect", "recovery time", "consumer recovery time"):
        context.trial.promise(check)
