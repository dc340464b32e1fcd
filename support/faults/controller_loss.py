"""The KRaft controller is away for a while: it crashed, was stopped, or does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import ClassVar, Protocol

from support.clients.administration import Administration
from support.errors import Inconclusive
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.stack.addresses import Endpoints
from support.stack.isolated import ControllerControl
from support.stack.lifecycle import Component, PausableControl
from support.waiting import wait_until

WAIT_FOR = timedelta(seconds=30)
"""The broker holds a request until the controller is back."""

PROBED = "kafka-validation-controller-decides"
"""A topic that only an isolated stack has, so it is removed with the stack."""

CREATED = ("", "TOPIC_ALREADY_EXISTS")


class Loss(Enum):
    CRASH = "crash (SIGKILL)"
    STOP = "stop (SIGTERM)"
    PAUSE = "pause"


class ControlledStack(Protocol):
    """A stack whose controller can be ended and paused."""

    def controller(self) -> PausableControl: ...
    @property
    def endpoints(self) -> Endpoints: ...


@dataclass(frozen=True)
class ControllerLoss:
    """The controller is away for `hold`; afterwards it has `patience` to decide again.

    `and_broker`: during that time the scenario lets the broker crash, and starts it again.
    """

    how: Loss
    hold: timedelta
    patience: timedelta
    lasts: timedelta = timedelta(seconds=20)
    and_broker: bool = False
    needs: ClassVar = ControllerControl
    breaks: ClassVar = Component.BROKER

    @property
    def name(self) -> str:
        also = ", the broker is restarted meanwhile" if self.and_broker else ""
        return f"{self.how.value} of the controller for {self.hold.total_seconds():g} s{also}"

    def target(self, system: SystemUnderTest) -> ControlledStack:
        if not isinstance(system.stack, ControllerControl):
            raise Inconclusive("The scenario does not run on an isolated stack.")
        return system.stack

    @contextmanager
    def injected(self, stack: ControlledStack) -> Iterator[FaultTimeline]:
        process = stack.controller()
        # Before the controller is away: afterwards a new client might find no broker.
        client = Administration(stack.endpoints.kafka)
        with injection(
            self.name,
            heal=lambda _: self._heal(process),
            works_again=lambda _: self._await_decisions(client),
            proof="a topic can be created again",
        ) as timeline:
            self._break(process)
            timeline.proven_broken()
            timeline.proofs.append(f"the controller: {process.seen()}")
            yield timeline
            timeline.hold(self.hold)
            if not self._away(process):
                raise Inconclusive("The controller did not stay away.", seen=process.seen())

    def _break(self, process: PausableControl) -> None:
        match self.how:
            case Loss.CRASH:
                process.kill()
            case Loss.PAUSE:
                process.pause()
            case Loss.STOP:
                if not process.stop():
                    raise Inconclusive(
                        "The controller did not end gracefully: it had to be killed."
                    )
        if not self._away(process):
            raise Inconclusive("The controller is still there.", seen=process.seen())

    def _away(self, process: PausableControl) -> bool:
        return process.paused() if self.how is Loss.PAUSE else not process.alive()

    def _heal(self, process: PausableControl) -> None:
        if self.how is not Loss.PAUSE and process.alive():
            # An interruption ended the wait for its graceful stop: it may still be ending.
            process.kill()
        if process.paused():
            process.resume()
        elif not process.alive():
            process.start()

    def _await_decisions(self, client: Administration) -> None:
        """Waits until a topic is created, which only the controller decides. Raises NotInTime."""
        wait_until(
            lambda: client.create_topic(PROBED, WAIT_FOR),
            lambda error: error in CREATED,
            self.patience,
            "a topic to be created",
        )
