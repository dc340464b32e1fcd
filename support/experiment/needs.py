"""The needs of steps: a scenario is skipped for them before it creates anything.

A step declares it with `@needs(...)`, a fault with its attribute `needs`. What a step only measures
where the stack allows it is declared with `@measures(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from support.errors import Unavailable
from support.settings import Settings
from support.stack.attached.lacks import MEASURED, NOT_MEASURED
from support.stack.capabilities import (
    ConnectControl,
    DatabaseControl,
    JmxAccess,
    KafkaTools,
    LogSource,
    ProcessControl,
    ResourceUsage,
    UserInterface,
    lack_of,
    needed,
)
from support.stack.isolated import (
    ControllerControl,
    DiskControl,
    IsolatedBrokers,
    IsolatedWorkers,
    UpgradeControl,
)
from support.stack.isolated_stack import IsolatedStacks
from support.stack.lifecycle import Stack
from support.stack.network import NetworkControl, NetworkMembership

Need = Callable[[Stack, Settings], object]
"""Raises Unavailable, with the reason, on a stack that does not have it. Starts nothing."""

READ_ONLY = "-D read_only=yes: it writes to the stack"
"""Why every scenario but the audit is left out with that setting."""

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

OF_ISOLATED_STACKS = (ControllerControl, DiskControl, UpgradeControl)
"""Capabilities of isolated stacks only. A scenario about them needs an isolated stack already."""


def needs(*wanted: Need) -> Callable[[Step], Step]:
    """Declares what a step needs."""

    def declared(step: Step) -> Step:
        step.needs = wanted  # type: ignore[attr-defined]
        return step

    return declared


def measures(*wanted: Need) -> Callable[[Step], Step]:
    """Declares what a step measures where the stack allows it."""

    def declared(step: Step) -> Step:
        step.measures = wanted  # type: ignore[attr-defined]
        return step

    return declared


@dataclass(frozen=True)
class Capability:
    """The need for one of these capabilities."""

    any_of: tuple[type[Any], ...]

    def __call__(self, stack: Stack, _settings: Settings) -> None:
        kind = next((each for each in self.any_of if isinstance(stack, each)), self._lacking(stack))
        needed(stack, kind)
        if stack.shared and kind in NAMED:
            NAMED[kind](stack)

    def _lacking(self, stack: Stack) -> type[Any]:
        """Names the first missing capability that a setting could add, else the first."""
        addable = (each for each in self.any_of if lack_of(stack, each).then)
        return next(addable, self.any_of[0])


def capability(*any_of: type[Any]) -> Need:
    """Returns the need for one of these capabilities."""
    return Capability(any_of)


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


def in_one_line(error: Unavailable) -> str:
    """Returns what is lacking, why, and the settings that add it."""
    because = f" Because: {error.cause}." if error.cause else ""
    then = f" Next: {error.then}" if error.then else ""
    return error.what + because + then


def a_replay(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable on a stack of others without their permission."""
    if stack.shared and not settings.allow_destructive:
        raise Unavailable(
            "A replay fills a disk that others use.",
            then="-D kafka_container=NAME -D allow_destructive=yes",
        )


def an_upgrade(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable if the settings name no version to upgrade to."""
    needed(stack, IsolatedStacks)
    if not settings.kafka_to:
        raise Unavailable(
            "The run names no version to upgrade to.",
            cause="the target embedded upgrades an isolated stack to -D kafka_to=VERSION",
            then="make upgrade-check FROM=VERSION TO=VERSION",
        )


def broker_resources(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable if the memory, CPU and disk of the broker can't be measured."""
    needed(stack, ResourceUsage)
    if stack.shared and not (settings.kafka_container or settings.kafka_metrics):
        raise Unavailable(
            "The memory, CPU and disk of the broker can't be measured.",
            cause=NOT_MEASURED,
            then=MEASURED,
        )


def broker_jmx(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable if no agent offers the broker's MBeans."""
    needed(stack, JmxAccess)
    if stack.shared and not settings.kafka_metrics:
        raise Unavailable("The broker's MBeans can't be read.", then="-D kafka_metrics=URL")


def worker_settings(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable on a stack of others if no file has the settings of its worker."""
    if stack.shared and settings.worker_config is None:
        raise Unavailable(
            "The settings of the Kafka Connect worker are not known.",
            cause="a worker does not report them",
            then="-D worker_config=FILE, with the properties that it was started with",
        )


def logs_of_kafka_and_connect(stack: Stack, settings: Settings) -> None:
    """Raises Unavailable if the log of the broker or of Kafka Connect can't be read."""
    needed(stack, LogSource)
    for setting in ("kafka_container", "connect_container") if stack.shared else ():
        if not getattr(settings, setting):
            raise Unavailable(
                "The logs of Kafka and of Kafka Connect can't both be read.",
                cause="the container of one of them is not named",
                then=f"-D {setting}=NAME",
            )


A_LINK = capability(NetworkControl)
ISOLATED_BROKER = capability(IsolatedBrokers)
A_BROKER_TO_START = capability(IsolatedBrokers, ProcessControl)
ISOLATED_WORKER = capability(IsolatedWorkers)
ISOLATED_STACK = capability(IsolatedStacks)
KAFKA_TOOLS = capability(KafkaTools)
KAFKA_UI = capability(UserInterface)
