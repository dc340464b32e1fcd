"""The broker ends, gracefully or by a crash, and is started again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from support import clock
from support.errors import Inconclusive
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
            (broker.kill if self.crash else broker.stop)()
            if broker.alive():
                raise Inconclusive("The broker was told to end, and is still alive.")
            timeline.down_ns = clock.now_ns()
            timeline.proofs.append("process gone")
            yield timeline
        except KeyboardInterrupt:
            interrupted = True
            raise
        finally:
            if not broker.alive():
                timeline.heal_began_ns = clock.now_ns()
                broker.start()
                if not interrupted:
                    broker.await_ready(self.patience)
                    timeline.proofs.append("serves clients again")
                timeline.healed_ns = clock.now_ns()
