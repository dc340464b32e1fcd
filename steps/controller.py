"""The KRaft controller, while it is down and when it is back."""

from __future__ import annotations

from typing import Any

from behave import given, then

from support.experiment.controller_trial import ControllerTrial


@given("Kafka broker is running with a separate KRaft controller")
def separate_controller(context: Any) -> None:
    context.session.prove_ready()
    context.load = ControllerTrial(context.trial, split=True)


@given("Kafka broker and KRaft controller are running in one process")
def combined_controller(context: Any) -> None:
    context.session.prove_ready()
    context.load = ControllerTrial(context.trial, split=False)


@then("messages are accepted, delivered and committed without interruption")
def served_meanwhile(context: Any) -> None:
    context.load.judge_served_meanwhile()
    context.trial.promise("served meanwhile")


@then("no topic can be created or changed until the controller is back")
def nothing_decided(context: Any) -> None:
    context.trial.promise("controller effect")


@then("recovery time of the controller is documented")
def controller_recovery(context: Any) -> None:
    context.trial.promise_all("controller recovery time", "decides again")
