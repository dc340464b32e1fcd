"""A fault: what it needs of the stack, what it breaks, and how it is injected."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from support.faults.capture import Capture
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import Component, Stack
from support.stack.network import NetworkLink

Target = TypeVar("Target")


@dataclass(frozen=True)
class SystemUnderTest:
    """The parts that a fault can break: the stack, and what a scenario runs on it.

    `link`: the link over which the scenario's clients reach the broker. `capture`: the scenario's
    connector.
    """

    stack: Stack
    link: NetworkLink | None = None
    capture: Capture | None = None


class Fault(Protocol[Target]):
    """Something that can be broken, proven broken, healed and proven healed."""

    @property
    def name(self) -> str: ...
    @property
    def lasts(self) -> timedelta:
        """How long it usually takes until clients are served again; the pace of a load needs it."""

    @property
    def needs(self) -> type[Any] | None:
        """The capability of the stack that it needs: a protocol in support/stack/; None if any
        stack will do."""

    @property
    def breaks(self) -> Component | None:
        """The part that is not available meanwhile; None if all parts serve their clients."""

    def target(self, system: SystemUnderTest) -> Target:
        """The object that the fault breaks in this system.

        Raises Unavailable if the target does not have the capability, and Inconclusive if the
        scenario did not prepare what the fault breaks.
        """

    def injected(self, target: Target) -> AbstractContextManager[FaultTimeline]:
        """Breaks the target, and proves it, for the body of the `with`; heals it on every way out.

        Raises Inconclusive if it did not break. A system that does not work again is a result, not
        an error: see FaultTimeline.heal_trouble.
        """


AnyFault = Fault[Any]
