"""The setting `patience` gives a heal more time, and never less."""

from __future__ import annotations

import pytest

from support.faults.catalogue import (
    CAPTURE_RESTARTS,
    CONTROLLER_LOSSES,
    FAULTS,
    FULL_DISKS,
    PATIENCE,
)
from support.faults.patient import lengthened

PATIENT = {**FAULTS, **FULL_DISKS, **CAPTURE_RESTARTS}


@pytest.mark.parametrize("name", PATIENT)
def test_a_heal_is_waited_for_longer_on_a_slow_machine(name: str) -> None:
    fault = PATIENT[name]
    assert lengthened(fault, 5).patience == 5 * PATIENCE  # type: ignore[union-attr]
    assert lengthened(fault, 5).name == fault.name
    for short in (0.1, 1.0):
        assert lengthened(fault, short) is fault


def test_what_waits_for_nothing_stays_as_it_is() -> None:
    for fault in CONTROLLER_LOSSES.values():
        assert lengthened(fault, 5) is fault
