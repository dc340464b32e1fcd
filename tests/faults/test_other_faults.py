"""Pauses, cuts and consumer restarts are proven, and healed on every way out."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from support import clock
from support.clients import broker as broker_client
from support.errors import Inconclusive, PromiseBroken, StackError
from support.faults import network_cut
from support.faults.broker_pause import BrokerPause
from support.faults.broker_restart import BrokerRestart
from support.faults.consumer_restart import ConsumerRestart
from support.faults.network_cut import NetworkCut
from support.interruption import forget, listen
from support.stack.docker.container import Container
from support.stack.relay import Relay
from tests.faults.echo import Echo, connected
from tests.faults.test_broker_restart import POLITE, ProcessBroker

SHORT, PATIENCE = timedelta(milliseconds=300), timedelta(seconds=20)


class FakeContainer:
    def __init__(self, **state: object) -> None:
        self.attrs = {"State": state}

    def reload(self) -> None:
        pass


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[ProcessBroker]:
    made = ProcessBroker(POLITE, tmp_path)
    made.start()
    made.await_ready(PATIENCE)
    yield made
    made.process.kill()


def test_a_paused_broker_does_nothing_for_as_long_as_said(broker: ProcessBroker) -> None:
    with BrokerPause(SHORT, PATIENCE).injected(broker) as timeline:
        assert broker.paused()
    assert not broker.paused()
    ((down, heal),) = timeline.outages
    assert heal - down >= 300 * clock.NS_PER_MS
    seen = f"its process {broker.process.pid} is stopped"
    assert timeline.proofs == [seen, f"at the end of the pause: {seen}", "serves clients again"]


def test_the_state_of_a_container_is_what_docker_reports(tmp_path: Path) -> None:
    engine = FakeContainer(Running=True, Paused=True, ExitCode=0, StartedAt="today")
    container = Container("kafka", lambda: engine, tmp_path / "log")
    assert container.seen() == "Docker reports its container as paused"
    engine.attrs["State"] |= {"Running": False, "Paused": False, "ExitCode": 137}
    assert container.seen() == "Docker reports its container as ended, exit code 137"


@pytest.mark.parametrize("trouble", [ValueError("a defect"), KeyboardInterrupt()])
def test_a_pause_is_healed_when_the_body_fails(
    broker: ProcessBroker, trouble: BaseException
) -> None:
    with pytest.raises(type(trouble)), BrokerPause(SHORT, PATIENCE).injected(broker):
        raise trouble
    assert broker.alive()
    assert not broker.paused()


def test_a_pause_that_another_process_ends_is_inconclusive(broker: ProcessBroker) -> None:
    with (
        pytest.raises(Inconclusive, match="did not stay paused"),
        BrokerPause(SHORT, PATIENCE).injected(broker),
    ):
        broker.resume()


def test_a_paused_broker_that_does_not_serve_afterwards_is_a_result(broker: ProcessBroker) -> None:
    broker.serves = False
    with BrokerPause(SHORT, PATIENCE).injected(broker) as timeline:
        pass
    assert "does not serve clients" in timeline.heal_trouble


# -- the relay, before a server that answers with what it was sent --------------------------------


def test_a_relay_carries_both_ways_and_counts(relay: Relay, echo: Echo) -> None:
    with connected(relay):
        assert relay.carried() == (5, 5)
        assert echo.got == b"hello"


@pytest.mark.parametrize(("requests", "arrives"), [(True, b"hello"), (False, b"hellolost?")])
def test_a_cut_direction_carries_nothing(
    relay: Relay, echo: Echo, requests: bool, arrives: bytes
) -> None:
    with connected(relay) as client:
        relay.cut(requests=requests, responses=True)
        client.sendall(b"lost?")
        with pytest.raises(TimeoutError):
            client.recv(10)
        assert echo.got == arrives
        assert relay.carried()[1] == 5


def test_connections_do_not_survive_a_cut_and_new_ones_work(relay: Relay, echo: Echo) -> None:
    with connected(relay) as old:
        relay.cut(requests=True, responses=True)
        old.sendall(b"lost")
        relay.restore()
        old.settimeout(5)
        with pytest.raises(ConnectionError):
            assert old.recv(10) == b"", "a closed connection"
            raise ConnectionResetError
    with connected(relay):
        assert b"lost" not in echo.got


def test_a_relay_that_is_closed_listens_no_more(relay: Relay) -> None:
    relay.close()
    ((host, port),) = relay.kafka.servers
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port), timeout=1)


def test_a_cut_that_can_t_be_proven_is_no_cut_and_is_restored(
    relay: Relay, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_cut, "PROBE", SHORT)
    monkeypatch.setattr(broker_client, "ANSWER", SHORT)
    # The server does not speak Kafka, so no client is answered at the direct address either.
    cut = NetworkCut(True, True, SHORT, timedelta(seconds=1))
    with (
        pytest.raises(Inconclusive, match="does not answer at its direct address"),
        cut.injected(relay),
    ):
        pass
    with connected(relay):
        pass


# -- consumers -----------------------------------------------------------------------------------


class Puppet:
    """A ConsumerControl that obeys, or does not."""

    def __init__(self, *, obeys: bool = True) -> None:
        self.calls: list[str] = []
        self._alive, self._obeys = True, obeys

    def start(self) -> None:
        self.calls.append("start")
        self._alive = True

    def leave(self) -> bool:
        self.calls.append("leave")
        self._alive = False
        return self._obeys

    def kill(self) -> None:
        self.calls.append("kill")
        self._alive = not self._obeys

    def alive(self) -> bool:
        return self._alive


@pytest.mark.parametrize(("crash", "how"), [(True, "kill"), (False, "leave")])
def test_a_consumer_is_gone_and_started_again(crash: bool, how: str) -> None:
    puppet = Puppet()
    with ConsumerRestart(crash).injected(puppet) as timeline:
        assert not puppet.alive()
    assert puppet.calls == [how, "start"]
    assert timeline.injected_ns <= timeline.down_ns <= timeline.heal_began_ns <= timeline.healed_ns


@pytest.mark.parametrize("crash", [True, False])
def test_a_consumer_that_does_not_go_as_told_makes_it_inconclusive(crash: bool) -> None:
    puppet = Puppet(obeys=False)
    with pytest.raises(Inconclusive), ConsumerRestart(crash).injected(puppet):
        raise AssertionError("the body must not run")
    assert puppet.calls[-1] == "start"


class Away(Puppet):
    """One that can't be started while its broker is down."""

    def start(self) -> None:
        raise StackError("The broker does not answer.")


@pytest.mark.parametrize(
    "raised", [PromiseBroken("worked again"), StackError("a defect"), KeyboardInterrupt()]
)
def test_what_was_raised_is_never_replaced_by_a_consumer_that_can_t_start(
    raised: BaseException,
) -> None:
    with pytest.raises(type(raised)) as seen, ConsumerRestart(False).injected(Away()):
        raise raised
    assert seen.value is raised


def test_a_broker_that_stays_away_is_reported_and_not_the_consumer_that_needs_it(
    broker: ProcessBroker,
) -> None:
    """As in "Consumer that reconnects after ...": the broker's error is raised."""
    broker.serves = False
    with (
        pytest.raises(PromiseBroken, match="does not serve"),
        ConsumerRestart(False).injected(Away()),
    ):
        with BrokerRestart(True, PATIENCE).injected(broker) as outage:
            pass
        raise PromiseBroken(outage.heal_trouble)


class Unhealable(ProcessBroker):
    def resume(self) -> None:
        super().resume()
        raise StackError("The engine does not answer.")


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), PromiseBroken("no")])
def test_trouble_in_healing_is_noted_on_what_was_raised(
    tmp_path: Path, raised: BaseException
) -> None:
    broker = Unhealable(POLITE, tmp_path)
    broker.start()
    broker.await_ready(PATIENCE)
    with pytest.raises(type(raised)) as seen, BrokerPause(SHORT, PATIENCE).injected(broker):
        raise raised
    assert "healing failed: StackError" in seen.value.__notes__[0]
    broker.kill()


def test_an_error_in_the_place_of_an_interruption_starts_no_consumer() -> None:
    puppet = Puppet()
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        listen()
        with pytest.raises(SystemError), ConsumerRestart(False).injected(puppet):
            os.kill(os.getpid(), signal.SIGTERM)
            raise SystemError("returned a result with an exception set")
    finally:
        signal.signal(signal.SIGTERM, before)
        forget()
    assert puppet.calls == ["leave"]


def test_an_interruption_is_not_lost_in_starting_a_consumer_whose_broker_is_down() -> None:
    puppet = Puppet()
    with pytest.raises(KeyboardInterrupt), ConsumerRestart(False).injected(puppet):
        raise KeyboardInterrupt
    assert puppet.calls == ["leave"]


def test_a_consumer_is_started_again_when_the_body_fails() -> None:
    puppet = Puppet()
    with pytest.raises(StackError), ConsumerRestart(True).injected(puppet):
        raise StackError("a defect")
    assert puppet.alive()
