"""Gives a fault more time to heal, for machines that are slower than usual."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

Lengthened = TypeVar("Lengthened")


def lengthened(fault: Lengthened, patience: float) -> Lengthened:
    """The fault with its patience multiplied by a factor above 1.

    A factor below 1 changes nothing: a system that comes back in time must not count as broken.
    """
    given: Any = fault
    if patience <= 1 or not hasattr(given, "patience"):
        return fault
    stretched: Lengthened = replace(given, patience=given.patience * patience)
    return stretched
