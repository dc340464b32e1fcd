"""Every fault names what it needs, finds its target, or says why it can't."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from support.errors import Explained, Inconclusive, Unavailable
from support.faults.catalogue import (
    CAPTURE_RESTARTS,
    CONTROLLER_LOSSES,
    FAULTS,
    FULL_DISKS,
    UPGRADED,
    UPGRADES,
    latency_of,
)
from support.faults.fault import AnyFault, SystemUnderTest
from support.stack.capability_table import CAPABILITIES
from support.stack.isolated import ControllerControl, DiskControl, UpgradeControl
from support.stack.isolated_stack import IsolatedStack
from support.stack.lifecycle import Component
from support.stack.network import NetworkControl

SLOW = "network latency is 50 ms +/- 10 ms for 10 seconds"
ALL: dict[str, AnyFault] = {
    **FAULTS,
    SLOW: latency_of(SLOW),
    **CONTROLLER_LOSSES,
    **FULL_DISKS,
    **CAPTURE_RESTARTS,
    **UPGRADES,
}


class Nothing:
    """A stack without any capability."""

    name = "nothing"


def system(stack: object, **more: Any) -> SystemUnderTest:
    found: Any = stack
    return SystemUnderTest(found, **more)


@pytest.mark.parametrize("phrase", ALL)
def test_a_fault_needs_a_capability_that_the_table_lists(phrase: str) -> None:
    fault = ALL[phrase]
    assert fault.needs in (
        *CAPABILITIES,
        ControllerControl,
        DiskControl,
        UpgradeControl,
        None,
    )
    assert fault.breaks is None or isinstance(fault.breaks, Component)
    assert fault.lasts.total_seconds() >= 0
    assert fault.name


@pytest.mark.parametrize("phrase", ALL)
def test_a_stack_without_the_capability_is_refused_with_a_reason(phrase: str) -> None:
    with pytest.raises((Unavailable, Inconclusive)) as refused:
        ALL[phrase].target(system(Nothing()))
    assert isinstance(refused.value, Explained)


def test_faults_of_the_broker_find_it_in_the_stack() -> None:
    stack = SimpleNamespace(broker=lambda: "broker", broker_network=lambda: "network")
    found = {fault.target(system(stack)) for fault in FAULTS.values() if not over_link(fault)}
    assert found == {"broker", "network"}


def test_faults_of_the_link_find_the_one_that_the_clients_use() -> None:
    cuts = [fault for fault in ALL.values() if over_link(fault)]
    assert len(cuts) == 3
    for fault in cuts:
        assert fault.target(system(Nothing(), link="link")) == "link"


def test_faults_of_an_isolated_stack_find_it() -> None:
    stack = IsolatedStack.__new__(IsolatedStack)
    steps = {name: each for name, each in UPGRADES.items() if each.needs is UpgradeControl}
    isolated: dict[str, AnyFault] = {**CONTROLLER_LOSSES, **FULL_DISKS, **steps}
    for fault in isolated.values():
        assert fault.target(system(stack)) is stack


def test_an_upgrade_takes_its_steps_in_the_order_of_kafkas_documentation() -> None:
    broker, finalised, *_ = UPGRADES.values()
    assert list(UPGRADED.values()) == [(), (broker,), (broker, finalised)]


def test_faults_of_capture_find_the_connector_of_the_scenario() -> None:
    pipeline = object()
    for fault in CAPTURE_RESTARTS.values():
        assert fault.target(system(Nothing(), capture=pipeline)) is pipeline
    assert {fault.breaks for fault in CAPTURE_RESTARTS.values()} == {
        Component.CONNECT,
        Component.POSTGRES,
    }


def over_link(fault: AnyFault) -> bool:
    return fault.needs is NetworkControl
