"""Faults: when each was injected, proven and healed, and the proofs."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class RecordedFault:
    """One fault; times in monotonic ns. `outages` run from its proof to the start of the heal.

    `heal_trouble` says why clients were not served again; empty when they were. `restarted` names
    tasks that had FAILED and came back only because the suite restarted them; `died` names
    processes that ended after the suite had started them, and were started once more.
    """

    name: str
    injected_ns: int
    outages: tuple[tuple[int, int], ...]
    healed_ns: int
    proofs: tuple[str, ...]
    heal_trouble: str = ""
    restarted: tuple[str, ...] = ()
    died: tuple[str, ...] = ()

    @property
    def down_ns(self) -> int:
        """When the fault was first proven; 0 when it never was."""
        return self.outages[0][0] if self.outages else 0

    @property
    def heal_began_ns(self) -> int:
        """When the last heal started; 0 without one."""
        return self.outages[-1][1] if self.outages else 0


@dataclass(frozen=True)
class FaultsRecord:
    """The faults of a scenario; the first is the one that is judged.

    `brokers` is the number of brokers in the cluster. `of_consumer` is True when the fault was the
    restart of a consumer, which is then the recovery.
    """

    faults: tuple[RecordedFault, ...]
    brokers: int = 1
    of_consumer: bool = False

    @property
    def first(self) -> RecordedFault:
        """The fault that is judged."""
        return self.faults[0]


FAULTS = json_section("faults", FaultsRecord)
