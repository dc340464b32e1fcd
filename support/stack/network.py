"""The network between clients and the broker: links that can be cut, networks that can be left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Protocol, runtime_checkable

from support import clock
from support.clients.kafka_address import KafkaAddress


@dataclass(frozen=True)
class Latency:
    """A delay of every chunk in each direction: evenly distributed in `mean` +/- `jitter`.

    It makes a round trip longer by at least twice `least`. The same seed draws the same delays.
    """

    mean: timedelta
    jitter: timedelta
    seed: int = 1

    @property
    def least(self) -> timedelta:
        return self.mean - self.jitter

    def drawn_ns(self, random: Random) -> int:
        """The delay of the next chunk."""
        seconds = random.uniform(
            self.least.total_seconds(), (self.mean + self.jitter).total_seconds()
        )
        return int(seconds * clock.NS_PER_S)


class NetworkLink(Protocol):
    """A path from clients to the broker that can be cut or slowed."""

    @property
    def kafka(self) -> KafkaAddress:
        """The broker's address over this link."""

    @property
    def direct(self) -> KafkaAddress:
        """The broker's address that bypasses the link."""

    def cut(self, *, requests: bool, responses: bool) -> None:
        """Drops everything that is sent in these directions from now on."""

    def restore(self) -> None:
        """Carries everything again. Connections that existed during a cut are reset."""

    def delay(self, latency: Latency | None) -> None:
        """Delays everything that is sent from now on; None ends that. Connections survive."""

    def carried(self) -> tuple[int, int]:
        """Bytes of requests and bytes of responses that were carried so far."""

    def close(self) -> None: ...


@runtime_checkable
class NetworkControl(Protocol):
    """The network between clients and the broker can be cut or slowed."""

    def link(self) -> NetworkLink:
        """A new link to the broker; the caller closes it."""


class BrokerNetwork(Protocol):
    """The networks that the broker's container is connected to."""

    @property
    def kafka(self) -> KafkaAddress: ...
    @property
    def pid(self) -> int:
        """Process id of the broker; 0 if it has ended."""

    @property
    def ports(self) -> int:
        """Number of published ports that accepted connections at first."""

    def networks(self) -> tuple[str, ...]:
        """Names of the networks that it is connected to now."""

    def open_ports(self) -> int:
        """Number of published ports that accept connections now."""

    def disconnect(self) -> None:
        """Disconnects it from all networks."""

    def reconnect(self) -> None:
        """Connects it again to the networks that it had at first."""


@runtime_checkable
class NetworkMembership(Protocol):
    """The broker can be disconnected from its networks."""

    def broker_network(self) -> BrokerNetwork:
        """The broker's networks. Raises Unavailable if it can't be disconnected from them."""
