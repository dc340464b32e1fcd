"""When a fault was injected, broke something and was healed, and what proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from support import clock
from support.record.faults import RecordedFault


@dataclass
class FaultTimeline:
    """Monotonic times in nanoseconds; 0 if there is none.

    `outages`: from the proof that it is broken to the beginning of the heal, one or more.
    """

    name: str
    injected_ns: int = 0
    outages: list[tuple[int, int]] = field(default_factory=list)
    healed_ns: int = 0
    proofs: list[str] = field(default_factory=list)
    heal_trouble: str = ""
    """The reason why it did not work again; empty if it did."""
    restarted: list[str] = field(default_factory=list)
    """Tasks that had FAILED and came back only because the suite restarted them."""
    died: list[str] = field(default_factory=list)
    """Processes that ended after the suite had started them, and were started once more."""

    def proven_broken(self) -> None:
        """Begins an outage."""
        now = clock.now_ns()
        self.outages.append((now, now))

    def hold(self, duration: timedelta) -> None:
        """Waits until it has been broken for that long."""
        clock.sleep_until_ns(self.down_ns + int(duration.total_seconds() * clock.NS_PER_S))

    def heal_begins(self) -> None:
        """Ends the outage, if one has begun."""
        if self.outages:
            self.outages[-1] = (self.outages[-1][0], clock.now_ns())

    def prove_healed(
        self, prove: Callable[[], object], proof: str, failing: tuple[type[Exception], ...]
    ) -> None:
        """Adds `proof`, or sets heal_trouble if `prove` raises one of `failing`.

        A system that stays broken is the result of the experiment, not an error in it.
        """
        try:
            prove()
            self.proofs.append(proof)
        except failing as error:
            self.heal_trouble = str(error)
        self.healed_ns = clock.now_ns()

    def had_to_restart(self, what: str) -> None:
        """Records that a FAILED task was restarted: help that a person would have to give."""
        self.restarted.append(what)
        self.proofs.append(what)

    def had_to_start_again(self, what: str) -> None:
        """Records that a process that had been started has ended."""
        self.died.append(what)
        self.proofs.append(what)

    @property
    def down_ns(self) -> int:
        """When it was first proven broken; 0 if it never was."""
        return self.outages[0][0] if self.outages else 0

    @property
    def heal_began_ns(self) -> int:
        """When the last heal began; 0 if none did."""
        return self.outages[-1][1] if self.outages else 0

    def recorded(self) -> RecordedFault:
        """Returns the timeline as it is recorded."""
        return RecordedFault(
            self.name,
            self.injected_ns,
            tuple(self.outages),
            self.healed_ns,
            tuple(self.proofs),
            self.heal_trouble,
            tuple(self.restarted),
            tuple(self.died),
        )
