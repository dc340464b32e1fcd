"""The KRaft controller, while it is down and when it is back."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.controller import ControllerOutage
from support.experiment.needs import ISOLATED_STACK, needs
from support.promises.edge import (
    CONTROLLER_EFFECT,
    CONTROLLER_RECOVERY_TIME,
    DECIDES_AGAIN,
    SERVED_MEANWHILE,
)


@given("Kafka broker is running with a separate KRaft controller")
@needs(ISOLATED_STACK)
def separate_controller(context: Any) -> None:
    context.session.prove_ready()
    context.controller = ControllerOutage(context.trial, split=True)
    context.load = context.controller.load


@given("Kafka broker and KRaft controller are running in one process")
@needs(ISOLATED_STACK)
def combined_controller(context: Any) -> None:
    context.session.prove_ready()
    context.controller = ControllerOutage(context.trial, split=False)
    context.load = context.controller.load


@when("test producer sends {n:d} messages and {loss:ControllerLoss} at message {at:d}")
def produce_without_controller(context: Any, n: int, loss: Any, at: int) -> None:
    context.controller.run_through(n, loss, at)


@then("messages are accepted, delivered and committed without interruption")
def served_meanwhile(context: Any) -> None:
    context.require(SERVED_MEANWHILE)


@then("no topic can be created or changed until the controller is back")
def nothing_decided(context: Any) -> None:
    context.require(CONTROLLER_EFFECT)


@then("recovery time of the controller is documented")
def controller_recovery(context: Any) -> None:
    context.require(CONTROLLER_RECOVERY_TIME, DECIDES_AGAIN)
