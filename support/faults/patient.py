"""How long a fault's heal is waited for on a machine that is slower than usual."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

Fault = TypeVar("Fault")


def lengthened(fault: Fault, patience: float) -> Fault:
    """The fault, of which the wait for its heal is longer by a factor above 1; one below 1 leaves
    it as it is, since what comes back in time must not count as broken."""
    given: Any = fault
    if patience <= 1 or not hasattr(given, "patience"):
        return fault
    stretched: Fault = replace(given, patience=given.patience * patience)
    return stretched
