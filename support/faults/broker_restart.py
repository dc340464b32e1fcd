"""The broker ends, gracefully or by a crash, and is started again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from support import clock
from support.errors import Inconclusive, StackError
from support.stack.ports import BrokerControl


@dataclass
class FaultTimeline:
    """Monotonic ns of a fault's phases, and what proves each."""

    name: str
    injected_ns: int = 0
    down_ns: int = 0
    heal_began_ns: int = 0
    healed_ns: int = 0
    proofs: list[str] = field(default_factory=list)
    heal_trouble: str = ""
    """Why the broker did not serve clients again; empty when it did."""


@dataclass(frozen=True)
class BrokerRestart:
    """`crash`: SIGKILL instead of SIGTERM. `patience` for the broker to serve clients again."""

    crash: bool
    patience: timedelta

    @property
    def name(self) -> str:
        return "broker crash (SIGKILL) and restart" if self.crash else "graceful broker restart"

    @contextmanager
    def injected(self, broker: BrokerControl) -> Iterator[FaultTimeline]:
        """Down inside the `with`; started again and proven ready on leaving it, however left.

        Raises Inconclusive when the broker did not go down.
        """
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())
        interrupted = False
        try:
            self._end(broker)
            timeline.down_ns = clock.now_ns()
            timeline.proofs.append(f"process gone after {'SIGKILL' if self.crash else 'SIGTERM'}")
            yield timeline
        except KeyboardInterrupt:
            interrupted = True
            raise
        finally:
            if broker.alive():
                # Told to end, and we were cut off while it did: it can't stay like that.
                broker.kill()
            timeline.heal_began_ns = clock.now_ns()
            broker.start()
            if not interrupted:
                self._prove_healed(broker, timeline)
            timeline.healed_ns = clock.now_ns()

    def _end(self, broker: BrokerControl) -> None:
        if self.crash:
            broker.kill()
        elif not broker.stop():
            raise Inconclusive("The broker did not end gracefully: it had to be killed.")
        if broker.alive():
            raise Inconclusive("The broker was told to end, and is still alive.")

    def _prove_healed(self, broker: BrokerControl, timeline: FaultTimeline) -> None:
        """A broker that stays away is the result of the experiment, not an error in it."""
        try:
            broker.await_ready(self.patience)
            timeline.proofs.append("serves clients again")
        except StackError as error:
            timeline.heal_trouble = str(error)
