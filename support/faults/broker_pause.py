"""The broker is frozen for a while: it stays alive and connected, and answers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support.errors import Inconclusive
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.stack.capabilities import ProcessControl, needed
from support.stack.lifecycle import BrokerControl, Component


@dataclass(frozen=True)
class BrokerPause:
    """The broker is frozen for `hold`; afterwards it has `patience` to serve clients again."""

    hold: timedelta
    patience: timedelta
    needs: ClassVar = ProcessControl
    breaks: ClassVar = Component.BROKER

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        return f"broker paused for {self.hold.total_seconds():g} s"

    def target(self, system: SystemUnderTest) -> BrokerControl:
        return needed(system.stack, ProcessControl).broker()

    @contextmanager
    def injected(self, broker: BrokerControl) -> Iterator[FaultTimeline]:
        with injection(
            self.name,
            heal=lambda _: broker.resume(),
            works_again=lambda _: broker.await_ready(self.patience),
        ) as timeline:
            broker.pause()
            if not broker.paused():
                raise Inconclusive("The broker still runs after it was paused.", seen=broker.seen())
            timeline.proven_broken()
            timeline.proofs.append(broker.seen())
            yield timeline
            timeline.hold(self.hold)
            if not broker.paused():
                raise Inconclusive("The broker did not stay paused.", seen=broker.seen())
            timeline.proofs.append(f"at the end of the pause: {broker.seen()}")
