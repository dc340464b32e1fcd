"""A slow network: every chunk arrives later, in order, by a measured round trip, until healed."""

from __future__ import annotations

import socket
from datetime import timedelta
from random import Random

import pytest

from support import clock
from support.clients.kafka_address import KafkaAddress
from support.clients.round_trip import shortest_round_trip_s
from support.errors import Inconclusive, StackError
from support.faults import network_latency
from support.faults.network_latency import NetworkLatency
from support.phrases import TYPES
from support.stack.network import Latency
from support.stack.relay import Relay
from tests.faults.echo import Echo, connected

PATIENCE = timedelta(seconds=20)
MEAN, JITTER = timedelta(milliseconds=60), timedelta(milliseconds=20)
SLOW = Latency(MEAN, JITTER)
LEAST_S = 2 * SLOW.least.total_seconds()
"""Two directions, each at least the mean without the jitter."""


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where readiness was proven: the server of these tests does not speak Kafka."""
    asked: list[str] = []
    monkeypatch.setattr(network_latency, "prove_ready", lambda where, _within: asked.append(where))
    return asked


def address(link: Relay) -> tuple[str, int]:
    """Where a relay listens that chose its port itself."""
    host, port = link._listener.getsockname()
    return host, port


def echoed_s(client: socket.socket, data: bytes) -> float:
    """Seconds until everything has come back, in order."""
    began, back = clock.now_ns(), b""
    client.sendall(data)
    while len(back) < len(data):
        back += client.recv(65_536)
    assert back == data
    return (clock.now_ns() - began) / clock.NS_PER_S


def test_every_connection_is_slow_in_both_directions_and_then_quick_again(relay: Relay) -> None:
    with connected(relay) as old:
        quick = echoed_s(old, b"quick")
        relay.delay(SLOW)
        assert echoed_s(old, b"slow") >= LEAST_S > quick
        with connected(relay) as new:
            assert echoed_s(new, b"slow") >= LEAST_S
        relay.delay(None)
        assert echoed_s(old, b"the same connection") < LEAST_S


def test_chunks_keep_their_order_and_are_on_their_way_together(relay: Relay) -> None:
    relay.delay(Latency(timedelta(milliseconds=100), timedelta(milliseconds=95)))
    with connected(relay) as client:
        client.settimeout(20)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began, sent = clock.now_ns(), b""
        for number in range(50):
            chunk = b"%05d" % number
            client.sendall(chunk)
            sent += chunk
            # Apart, so that they are chunks: together they would be one.
            clock.sleep_until_ns(began + (number + 1) * clock.NS_PER_MS)
        back = b""
        while len(back) < len(sent):
            back += client.recv(1000)
        took_s = (clock.now_ns() - began) / clock.NS_PER_S
    assert back == sent
    # One after the other they would take 10 s.
    assert took_s < 5


def test_what_is_cut_is_dropped_from_a_slow_network_too(relay: Relay, echo: Echo) -> None:
    relay.delay(SLOW)
    with connected(relay) as client:
        relay.cut(requests=True, responses=True)
        client.sendall(b"lost?")
        with pytest.raises(TimeoutError):
            client.recv(10)
    assert b"lost" not in echo.got


def test_the_end_of_a_connection_comes_after_its_data() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = Relay(0, server.getsockname()[1], KafkaAddress("127.0.0.1:9"))
        link.delay(SLOW)
        with socket.create_connection(address(link), timeout=5) as client:
            peer, _ = server.accept()
            peer.sendall(b"last words")
            peer.close()
            assert client.recv(100) == b"last words"
            assert client.recv(100) == b""
        link.close()


def test_the_same_seed_draws_the_same_delays_within_the_jitter() -> None:
    drawn = [SLOW.drawn_ns(random) for random in (Random(7), Random(7), Random(8))]
    assert drawn[0] == drawn[1] != drawn[2]
    random = Random(1)
    delays = [SLOW.drawn_ns(random) / clock.NS_PER_MS for _ in range(1000)]
    assert 40 <= min(delays) < 42
    assert 78 < max(delays) <= 80


def test_it_is_slow_for_as_long_as_said_and_proven_by_the_round_trip(
    relay: Relay, served: list[KafkaAddress]
) -> None:
    hold = timedelta(milliseconds=300)
    with NetworkLatency(SLOW, hold, PATIENCE).injected(relay) as timeline:
        assert shortest_round_trip_s(relay.kafka, PATIENCE) >= LEAST_S
    assert shortest_round_trip_s(relay.kafka, PATIENCE) < LEAST_S
    ((down, heal),) = timeline.outages
    assert heal - down >= 300 * clock.NS_PER_MS
    before, at_the_end, healed = timeline.proofs
    assert before.startswith("a round trip took ") and before.endswith("ms with the latency")
    assert at_the_end.startswith("at the end, ")
    assert healed == "a round trip takes less than 80 ms again, and clients are served"
    assert served == [relay.kafka]


@pytest.mark.parametrize("trouble", [ValueError("a defect"), KeyboardInterrupt()])
def test_it_is_healed_when_the_body_fails(relay: Relay, trouble: BaseException) -> None:
    slow = NetworkLatency(SLOW, timedelta(), PATIENCE)
    with pytest.raises(type(trouble)), slow.injected(relay):
        raise trouble
    assert shortest_round_trip_s(relay.kafka, PATIENCE) < LEAST_S


class Deaf(Relay):
    """A relay that does not delay anything."""

    def delay(self, latency: Latency | None) -> None:
        pass


def test_a_network_that_stays_quick_is_inconclusive(echo: Echo) -> None:
    link = Deaf(0, echo.port, KafkaAddress("127.0.0.1:9"))
    link.kafka = KafkaAddress(f"127.0.0.1:{address(link)[1]}")
    slow = NetworkLatency(SLOW, timedelta(), PATIENCE)
    with pytest.raises(Inconclusive, match="too short for that"), slow.injected(link):
        raise AssertionError("the body must not run")
    link.close()


def test_a_network_that_was_slow_before_proves_nothing(relay: Relay) -> None:
    relay.delay(SLOW)
    slow = NetworkLatency(Latency(timedelta(milliseconds=20), timedelta()), timedelta(), PATIENCE)
    with pytest.raises(Inconclusive, match="as slow before"), slow.injected(relay):
        raise AssertionError("the body must not run")


class Stuck(Relay):
    """A relay that stays slow."""

    def delay(self, latency: Latency | None) -> None:
        if latency is not None:
            super().delay(latency)


def test_a_network_that_stays_slow_is_a_result(echo: Echo) -> None:
    link = Stuck(0, echo.port, KafkaAddress("127.0.0.1:9"))
    link.kafka = KafkaAddress(f"127.0.0.1:{address(link)[1]}")
    slow = NetworkLatency(SLOW, timedelta(), timedelta(milliseconds=500))
    with slow.injected(link) as timeline:
        pass
    assert "a round trip of less than 80 ms" in timeline.heal_trouble
    link.close()


def test_clients_that_are_not_served_afterwards_are_a_result(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> None:
        raise StackError("does not serve clients")

    monkeypatch.setattr(network_latency, "prove_ready", refuse)
    with NetworkLatency(SLOW, timedelta(), PATIENCE).injected(relay) as timeline:
        pass
    assert "does not serve clients" in timeline.heal_trouble


def test_without_a_server_there_is_no_round_trip() -> None:
    with pytest.raises(Inconclusive, match="No connection to"):
        shortest_round_trip_s(KafkaAddress("127.0.0.1:9"), PATIENCE)


def test_a_jitter_as_large_as_the_latency_is_refused() -> None:
    with pytest.raises(ValueError, match="smaller than the latency"):
        NetworkLatency(Latency(MEAN, MEAN), timedelta(), PATIENCE)


def test_the_features_can_say_it_with_any_numbers() -> None:
    fault = TYPES["Fault"]("network latency is 60 ms +/- 20 ms for 10 seconds")
    assert fault == NetworkLatency(SLOW, timedelta(seconds=10), fault.patience)
    assert fault.name == "network latency of 60 ms +/- 20 ms in each direction for 10 s"
