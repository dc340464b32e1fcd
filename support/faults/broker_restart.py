"""Restarts the broker after a graceful stop or a crash: once, twice, or again while it recovers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support.clients.logfile import logged_since
from support.errors import Inconclusive, NotInTime
from support.faults.fault import SystemUnderTest
from support.faults.injection import FAILING, SERVES, injection, start_again
from support.faults.timeline import FaultTimeline
from support.stack.capabilities import ProcessControl, needed
from support.stack.lifecycle import BrokerControl, Component
from support.waiting import wait_until

RECOVERING = "since no clean shutdown file was found"
"""Kafka logs this when it begins to read the segments of topics again after a crash. (The recovery
of the metadata log, which is part of every start, is logged in other words.)"""

RECOVERED = re.compile(r"Loaded \d+ logs in")
SOON = timedelta(milliseconds=2)
"""The recovery of a small broker takes less than half a second."""


@dataclass(frozen=True)
class BrokerRestart:
    """The broker is restarted; then it has `patience` to serve clients again.

    `crash`: SIGKILL instead of SIGTERM. `times`: the number of restarts in a row. `crash_again`:
    the started broker is killed once more while it recovers its logs.
    """

    crash: bool
    patience: timedelta
    lasts: timedelta = timedelta(seconds=5)
    times: int = 1
    crash_again: bool = False
    needs: ClassVar = ProcessControl
    breaks: ClassVar = Component.BROKER

    @property
    def name(self) -> str:
        one = "broker crash (SIGKILL) and restart" if self.crash else "graceful broker restart"
        twice = f", {self.times} times" if self.times > 1 else ""
        return one + twice + (", and a crash during its recovery" if self.crash_again else "")

    def target(self, system: SystemUnderTest) -> BrokerControl:
        return needed(system.stack, ProcessControl).broker()

    @contextmanager
    def injected(self, broker: BrokerControl) -> Iterator[FaultTimeline]:
        with injection(
            self.name,
            heal=lambda _: start_again(broker),
            works_again=lambda _: broker.await_ready(self.patience),
        ) as timeline:
            for number in range(self.times):
                if number:
                    self._restart(broker, timeline)
                self._break(broker, timeline)
            yield timeline

    def _restart(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        timeline.heal_begins()
        broker.start()
        timeline.prove_healed(lambda: broker.await_ready(self.patience), SERVES, FAILING)

    def _break(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        self._end(broker)
        timeline.proven_broken()
        timeline.proofs.append(f"{broker.seen()} after {'SIGKILL' if self.crash else 'SIGTERM'}")
        if self.crash_again:
            size = broker.log.stat().st_size
            broker.start()
            self._await_recovering(broker, size)
            broker.kill()
            if RECOVERED.search(logged_since(broker.log, size)):
                raise Inconclusive("The broker had recovered before it was killed again.")
            timeline.proofs.append(f"killed again between '{RECOVERING}' and the end of it")

    def _end(self, broker: BrokerControl) -> None:
        if self.crash:
            broker.kill()
        elif not broker.stop():
            raise Inconclusive("The broker did not end gracefully: it had to be killed.")
        if broker.alive():
            raise Inconclusive("The broker was ended, and is still alive.", seen=broker.seen())

    def _await_recovering(self, broker: BrokerControl, size: int) -> None:
        try:
            wait_until(
                lambda: RECOVERING in logged_since(broker.log, size),
                bool,
                self.patience,
                "the broker to recover its logs",
                every=SOON,
            )
        except NotInTime as error:
            raise Inconclusive("The broker was never seen to recover.", seen=str(error)) from error
