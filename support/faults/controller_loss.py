"""The KRaft controller is away for a while: it crashed, was stopped, or does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from support import clock
from support.errors import Inconclusive, NotInTime, StackError
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import PausableControl


class Loss(Enum):
    CRASH = "crash (SIGKILL)"
    STOP = "stop (SIGTERM)"
    PAUSE = "pause"


class Controlled(Protocol):
    """What has a controller, and can tell whether it decides again."""

    def controller(self) -> PausableControl: ...
    def await_decisions(self) -> None:
        """Until something that only the controller can decide is decided. Raises NotInTime."""


@dataclass(frozen=True)
class ControllerLoss:
    """Away for `hold`. `and_broker`: the broker crashes and is started again meanwhile.

    `lasts`: until everything works again, for the pace of a load.
    """

    how: Loss
    hold: timedelta
    lasts: timedelta = timedelta(seconds=20)
    and_broker: bool = False

    @property
    def name(self) -> str:
        also = ", the broker is restarted meanwhile" if self.and_broker else ""
        return f"{self.how.value} of the controller for {self.hold.total_seconds():g} s{also}"

    @contextmanager
    def injected(self, target: Controlled) -> Iterator[FaultTimeline]:
        """Away inside the `with`, for `hold` at least; back on leaving it, however left."""
        timeline, process = FaultTimeline(self.name, clock.now_ns()), target.controller()

        def heal() -> None:
            timeline.heal_begins()
            self._heal(process)

        def prove() -> None:
            timeline.prove_healed(
                target.await_decisions, "a topic can be created again", (StackError, NotInTime)
            )

        with healed(heal, prove):
            self._break(process)
            timeline.proven_broken()
            timeline.proofs.append(f"the controller: {process.seen()}")
            yield timeline
            timeline.hold(self.hold)
            if not self._away(process):
                raise Inconclusive("The controller did not stay away.", seen=process.seen())

    def _break(self, process: PausableControl) -> None:
        if self.how is Loss.STOP:
            if not process.stop():
                raise Inconclusive("The controller did not end gracefully: it had to be killed.")
        else:
            (process.kill if self.how is Loss.CRASH else process.pause)()
        if not self._away(process):
            raise Inconclusive("The controller was told to go, and is still there.")

    def _away(self, process: PausableControl) -> bool:
        return process.paused() if self.how is Loss.PAUSE else not process.alive()

    def _heal(self, process: PausableControl) -> None:
        if self.how is not Loss.PAUSE and process.alive():
            # Told to end, and we were cut off while it did: it can't stay like that.
            process.kill()
        if process.paused():
            process.resume()
        elif not process.alive():
            process.start()
