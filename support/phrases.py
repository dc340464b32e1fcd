"""Words of the features -> values. Registered as behave's types by environment.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from support.faults.catalogue import (
    CAPTURE_RESTARTS,
    CONTROLLER_LOSSES,
    FAULTS,
    FULL_DISKS,
    RESTARTS,
)


def duration(text: str) -> timedelta:
    """`60 seconds`, `5 minutes`, `100 ms`."""
    number, unit = text.split()
    seconds = {"ms": 0.001, "second": 1, "seconds": 1, "minute": 60, "minutes": 60}[unit]
    return timedelta(seconds=float(number) * seconds)


duration.pattern = r"\d+(?:\.\d+)? (?:ms|seconds?|minutes?)"  # type: ignore[attr-defined]


def fault(text: str) -> Any:
    """One of the faults in the catalogue."""
    return FAULTS[text]


def restart(text: str) -> Any:
    """One of the ways in which a consumer is started again."""
    return RESTARTS[text]


def controller_loss(text: str) -> Any:
    """One of the ways in which the controller is away."""
    return CONTROLLER_LOSSES[text]


def full_disk(text: str) -> Any:
    """What a disk is full of."""
    return FULL_DISKS[text]


def capture_restart(text: str) -> Any:
    """One of the ways in which the CDC pipeline is started again."""
    return CAPTURE_RESTARTS[text]


def _one_of(names: Iterable[str]) -> str:
    """The longest first, so that none is taken for the beginning of another."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


fault.pattern = _one_of(FAULTS)  # type: ignore[attr-defined]
capture_restart.pattern = _one_of(CAPTURE_RESTARTS)  # type: ignore[attr-defined]
controller_loss.pattern = _one_of(CONTROLLER_LOSSES)  # type: ignore[attr-defined]
full_disk.pattern = _one_of(FULL_DISKS)  # type: ignore[attr-defined]
restart.pattern = _one_of(RESTARTS)  # type: ignore[attr-defined]

TYPES: dict[str, Callable[[str], Any]] = {
    "Duration": duration,
    "Fault": fault,
    "Restart": restart,
    "CaptureRestart": capture_restart,
    "ControllerLoss": controller_loss,
    "FullDisk": full_disk,
}
