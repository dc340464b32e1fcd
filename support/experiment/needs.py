"""What a step needs of the stack, so that a scenario is skipped before it creates anything.

A step declares it with `@needs(...)`, a fault with its attribute `needs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from support.errors import Unavailable
from support.settings import Settings
from support.stack.capabilities import (
    ConnectControl,
    DatabaseControl,
    KafkaTools,
    ProcessControl,
    UserInterface,
    needed,
)
from support.stack.isolated import ControllerControl, DiskControl, IsolatedBrokers, IsolatedWorkers
from support.stack.isolated_stack import IsolatedStacks
from support.stack.lifecycle import Stack
from support.stack.network import NetworkControl, NetworkMembership

Need = Callable[[Stack, Settings], object]
"""Raises Unavailable, with the reason, on a stack that does not have it. Starts nothing."""

Step = TypeVar("Step", bound=Callable[..., object])

NAMED: dict[type[Any], Callable[[Any], object]] = {
    ProcessControl: lambda stack: stack.broker(),
    NetworkMembership: lambda stack: stack.broker_network(),
    ConnectControl: lambda stack: stack.connect_worker(),
    DatabaseControl: lambda stack: stack.database_server(),
    UserInterface: lambda stack: stack.kafka_ui(),
}
"""Capability -> the method that raises Unavailable if a setting names no such part. On a stack of
others these methods start nothing."""

OF_ISOLATED_STACKS = (ControllerControl, DiskControl)
"""What only an isolated stack has. A scenario about it needs an isolated stack already."""


def needs(*wanted: Need) -> Callable[[Step], Step]:
    """Declares what a step needs."""

    def declared(step: Step) -> Step:
        step.needs = wanted  # type: ignore[attr-defined]
        return step

    return declared


def capability(*any_of: type[Any]) -> Need:
    """Returns the need for one of these capabilities; the first one is named if none is there."""

    def need(stack: Stack, _settings: Settings) -> None:
        kind = next((each for each in any_of if isinstance(stack, each)), any_of[0])
        needed(stack, kind)
        if stack.shared and kind in NAMED:
            NAMED[kind](stack)

    return need


def of_step(function: object, arguments: Iterable[object]) -> tuple[Need, ...]:
    """Returns what a step needs: what it declares, and what faults among its arguments need."""
    kinds = (getattr(each, "needs", None) for each in arguments)
    faults = tuple(capability(kind) for kind in kinds if kind and kind not in OF_ISOLATED_STACKS)
    return (*getattr(function, "needs", ()), *faults)


def unmet(wanted: Iterable[Need], stack: Stack, settings: Settings) -> Unavailable | None:
    """Returns the first reason why the stack can't be used for this; None if it can."""
    for need in wanted:
        try:
            need(stack, settings)
        except Unavailable as reason:
            return reason
    return None


def a_replay(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable on a stack of others without their permission."""
    if stack.shared and not settings.allow_destructive:
        raise Unavailable(
            "A replay fills a disk that others use.",
            then="-D kafka_container=NAME -D allow_destructive=yes",
        )


A_LINK = capability(NetworkControl)
ISOLATED_BROKER = capability(IsolatedBrokers)
A_BROKER_TO_START = capability(IsolatedBrokers, ProcessControl)
ISOLATED_WORKER = capability(IsolatedWorkers)
ISOLATED_STACK = capability(IsolatedStacks)
KAFKA_TOOLS = capability(KafkaTools)
KAFKA_UI = capability(UserInterface)
