"""A consumer ends, by leaving its group or by a crash, and is started again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from support import clock
from support.errors import Inconclusive
from support.faults.injection import interrupted_by
from support.faults.timeline import FaultTimeline


class ConsumerControl(Protocol):
    """A consumer process."""

    def start(self) -> None: ...
    def leave(self) -> bool:
        """Leaves the group and ends; False if it did not end in time and was killed."""

    def kill(self) -> None: ...
    def alive(self) -> bool: ...


@dataclass(frozen=True)
class ConsumerRestart:
    """A consumer of the scenario, and not a part of the stack, is restarted.

    `crash`: SIGKILL instead of leaving the group. `static`: it is a static member of the group.
    """

    crash: bool
    static: bool = False

    @property
    def name(self) -> str:
        if not self.crash:
            return "clean close and restart of the consumer"
        kind = "static" if self.static else "dynamic"
        return f"crash (SIGKILL) and restart of the consumer, a {kind} member"

    @contextmanager
    def injected(self, consumer: ConsumerControl) -> Iterator[FaultTimeline]:
        """Ends the consumer for the body of the `with`, then starts it again, unless interrupted.

        The start needs the broker, which the body may have broken. So an error of the start never
        replaces an error of the body. Raises Inconclusive if the consumer did not end.
        """
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())
        try:
            if self.crash:
                consumer.kill()
            elif not consumer.leave():
                raise Inconclusive("The consumer did not leave: it had to be killed.")
            if consumer.alive():
                raise Inconclusive("The consumer was ended, and is still alive.")
            timeline.proven_broken()
            timeline.proofs.append("process gone after " + ("SIGKILL" if self.crash else "leaving"))
            yield timeline
        except BaseException as error:
            if not interrupted_by(error):
                try:
                    consumer.start()
                except Exception as trouble:  # noqa: BLE001 - noted
                    error.add_note(f"In addition, the consumer could not be started: {trouble}")
            raise
        timeline.heal_begins()
        consumer.start()
        timeline.healed_ns = clock.now_ns()
