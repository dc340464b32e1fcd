"""The setting `patience` gives a heal more time, and never less."""

from __future__ import annotations

from typing import Any

import pytest

from support.faults.catalogue import (
    CAPTURE_RESTARTS,
    CONTROLLER_LOSSES,
    FAULTS,
    FULL_DISKS,
    RESTARTS,
)
from support.faults.patient import lengthened

PATIENT: dict[str, Any] = {**FAULTS, **FULL_DISKS, **CAPTURE_RESTARTS, **CONTROLLER_LOSSES}


@pytest.mark.parametrize("name", PATIENT)
def test_a_heal_is_waited_for_longer_on_a_slow_machine(name: str) -> None:
    fault = PATIENT[name]
    assert lengthened(fault, 5).patience == 5 * fault.patience
    assert lengthened(fault, 5).name == fault.name
    for short in (0.1, 1.0):
        assert lengthened(fault, short) is fault


def test_what_waits_for_nothing_stays_as_it_is() -> None:
    for fault in RESTARTS.values():
        assert lengthened(fault, 5) is fault


def test_a_controller_has_90_seconds_to_decide_again() -> None:
    assert {fault.patience.total_seconds() for fault in CONTROLLER_LOSSES.values()} == {90}
