"""At-least-once delivery: what is accepted, lost, stored and sent again."""

from __future__ import annotations

from typing import Any

from behave import then

LOG = ("corrupt", "damaged", "reordered", "phantom", "changed on re-read", "log truncated")


@then("Kafka accepts all messages")
def all_accepted(context: Any) -> None:
    context.trial.promise("accepted")


@then("no message is lost")
@then("no acknowledged message is lost")
def nothing_lost(context: Any) -> None:
    context.trial.promise_all("lost", "retention violated")


@then("every message in the topic is exactly what test producer sent, in order")
def log_is_clean(context: Any) -> None:
    context.trial.promise_all(*LOG)


@then("no message is stored or delivered twice")
def nothing_twice(context: Any) -> None:
    context.load.judge_nothing_twice()
    context.trial.promise("nothing twice")


@then("duplicate rate, recovery time and longest stall are documented")
def recovery_is_documented(context: Any) -> None:
    context.trial.promise_all(
        "log duplicates", "redelivered", "fault effect", "recovery time", "consumer recovery time"
    )


@then("no setting weakens at-least-once delivery")
def configuration_is_at_least_once(context: Any) -> None:
    context.trial.promise("at-least-once configuration")
