"""A broker that is disconnected is proven to be, and connected again on every way out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support import clock
from support.clients.kafka_address import KafkaAddress
from support.errors import Inconclusive, StackError
from support.faults import network_loss
from support.faults.network_loss import NetworkLoss

SHORT = timedelta(milliseconds=50)


class Network:
    """A broker on one network with two published ports; what is in `stubborn` stays."""

    kafka = KafkaAddress("127.0.0.1:9")
    ports = 2

    def __init__(self, *stubborn: str, pids: tuple[int, ...] = (7,)) -> None:
        self._on, self._stubborn, self._pids = True, stubborn, list(pids)

    @property
    def pid(self) -> int:
        return self._pids.pop(0) if len(self._pids) > 1 else self._pids[0]

    def networks(self) -> tuple[str, ...]:
        return ("shop",) if self._on or "network" in self._stubborn else ()

    def open_ports(self) -> int:
        return 2 if self._on else int("port" in self._stubborn)

    def disconnect(self) -> None:
        self._on = False

    def reconnect(self) -> None:
        self._on = True

    @property
    def on(self) -> bool:
        return self._on


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where readiness was proven."""
    asked: list[str] = []
    monkeypatch.setattr(network_loss, "prove_ready", lambda where, _within: asked.append(where))
    return asked


def test_it_is_off_for_as_long_as_said_and_serves_afterwards(served: list[KafkaAddress]) -> None:
    network = Network()
    with NetworkLoss(SHORT, SHORT).injected(network) as timeline:
        assert not network.on
    assert network.on
    ((down, heal),) = timeline.outages
    assert heal - down >= 50 * clock.NS_PER_MS
    assert "while its process 7 runs" in timeline.proofs[0]
    assert "published ports that answered before: 2, now: 0" in timeline.proofs[0]
    assert served == [network.kafka]


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (Network("network"), "still on a network"),
        (Network("port"), "can still be reached"),
        (Network(pids=(7, 0)), "ended when it was disconnected"),
        (Network(pids=(0,)), "does not run"),
        (Network(pids=(7, 7, 8)), "ended when it was disconnected"),
    ],
)
def test_a_loss_that_is_none_is_inconclusive_and_healed(network: Network, message: str) -> None:
    with pytest.raises(Inconclusive, match=message), NetworkLoss(SHORT, SHORT).injected(network):
        pass
    assert network.on


@pytest.mark.parametrize("trouble", [ValueError("a defect"), KeyboardInterrupt()])
def test_it_is_healed_when_the_body_fails(trouble: BaseException) -> None:
    network = Network()
    with pytest.raises(type(trouble)), NetworkLoss(SHORT, SHORT).injected(network):
        raise trouble
    assert network.on


def test_a_broker_that_does_not_serve_afterwards_is_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_asked: object) -> None:
        raise StackError("does not serve clients")

    monkeypatch.setattr(network_loss, "prove_ready", refuse)
    with NetworkLoss(SHORT, SHORT).injected(Network()) as timeline:
        pass
    assert "does not serve clients" in timeline.heal_trouble
