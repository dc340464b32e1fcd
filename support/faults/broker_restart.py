"""The broker ends, gracefully or by a crash, and is started again: once, twice, or in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from support import clock
from support.clients.logfile import logged_since
from support.errors import Inconclusive, NotInTime, StackError
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import BrokerControl
from support.waiting import wait_until

RECOVERING = "since no clean shutdown file was found"
"""What Kafka logs when it begins to read its segments again after a crash (every start checks the
metadata log, but only this says that the topics' logs are recovered)."""

RECOVERED = re.compile(r"Loaded \d+ logs in")
SOON = timedelta(milliseconds=2)
"""The recovery of a small broker takes less than half a second."""


@dataclass(frozen=True)
class BrokerRestart:
    """`crash`: SIGKILL instead of SIGTERM. `patience` for the broker to serve clients again.

    `times`: so many restarts in a row. `crash_again`: the started broker is killed once more
    while it recovers its logs. `lasts`: how long it usually takes, for the pace of a load.
    """

    crash: bool
    patience: timedelta
    lasts: timedelta = timedelta(seconds=5)
    times: int = 1
    crash_again: bool = False

    @property
    def name(self) -> str:
        one = "broker crash (SIGKILL) and restart" if self.crash else "graceful broker restart"
        twice = f", {self.times} times" if self.times > 1 else ""
        return one + twice + (", and a crash during its recovery" if self.crash_again else "")

    @contextmanager
    def injected(self, broker: BrokerControl) -> Iterator[FaultTimeline]:
        """Down inside the `with`; started again and proven ready on leaving it, however left.

        Raises Inconclusive when the broker did not go down.
        """
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())

        def heal() -> None:
            if broker.alive():
                # Told to end, and we were cut off while it did: it can't stay like that.
                broker.kill()
            self._start(broker, timeline)

        with healed(heal, lambda: self._prove_healed(broker, timeline)):
            for number in range(self.times):
                if number:
                    self._start(broker, timeline)
                    self._prove_healed(broker, timeline)
                self._break(broker, timeline)
            yield timeline

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
            raise Inconclusive("The broker was told to end, and is still alive.")

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

    def _start(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        timeline.heal_begins()
        broker.start()

    def _prove_healed(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        timeline.prove_healed(
            lambda: broker.await_ready(self.patience), "serves clients again", (StackError,)
        )
