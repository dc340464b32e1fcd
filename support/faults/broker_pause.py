"""The broker is frozen for a while: alive, connected, and silent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from support import clock
from support.errors import Inconclusive, StackError
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import BrokerControl


@dataclass(frozen=True)
class BrokerPause:
    """Frozen for `hold`, then running again within `patience`."""

    hold: timedelta
    patience: timedelta

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        return f"broker paused for {self.hold.total_seconds():g} s"

    @contextmanager
    def injected(self, broker: BrokerControl) -> Iterator[FaultTimeline]:
        """Frozen inside the `with`, for `hold` at least; thawed on leaving it, however left."""
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())

        def heal() -> None:
            timeline.heal_begins()
            broker.resume()

        def prove() -> None:
            timeline.prove_healed(
                lambda: broker.await_ready(self.patience), "serves clients again", (StackError,)
            )

        with healed(heal, prove):
            broker.pause()
            if not broker.paused():
                told = "The broker was told to pause, and still runs."
                raise Inconclusive(told, seen=broker.seen())
            timeline.proven_broken()
            timeline.proofs.append(broker.seen())
            yield timeline
            timeline.hold(self.hold)
            if not broker.paused():
                raise Inconclusive("The broker did not stay paused.", seen=broker.seen())
            timeline.proofs.append(f"at the end of the pause: {broker.seen()}")
