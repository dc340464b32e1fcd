"""Requests to the KRaft controller, during its outage and after it."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class Asked:
    """A request that only the controller can answer; `error` is empty when it succeeded."""

    what: str
    error: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.what}: {self.error or 'done'} after {self.seconds:.1f} s"


@dataclass(frozen=True)
class ControllerRecord:
    """Requests made during the outage (`away`) and after it (`back`).

    Between the first and the last request of the outage, the group's committed offsets advanced by
    `committed`.
    """

    away: tuple[Asked, ...]
    back: tuple[Asked, ...]
    committed: int


CONTROLLER = json_section("controller", ControllerRecord)
