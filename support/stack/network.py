"""The network between clients and the broker: links that can be cut, networks that can be left."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class NetworkLink(Protocol):
    """A path from clients to the broker that can be cut."""

    @property
    def bootstrap(self) -> str:
        """The broker's address over this link."""

    @property
    def direct(self) -> str:
        """The broker's address that bypasses the link."""

    def cut(self, *, requests: bool, responses: bool) -> None:
        """Drop everything that is sent in these directions from now on."""

    def restore(self) -> None:
        """Carry everything again. Connections that lived through a cut are reset."""

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
    def bootstrap(self) -> str: ...
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
        """Disconnect it from all networks."""

    def reconnect(self) -> None:
        """Connect it again to the networks that it had at first."""


@runtime_checkable
class NetworkMembership(Protocol):
    """The broker can be disconnected from its networks."""

    def broker_network(self) -> BrokerNetwork:
        """Raises Unavailable if the broker has no network that it can be disconnected from."""
