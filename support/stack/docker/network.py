"""Disconnects a container from its networks, and connects it again as it was."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docker.errors import APIError

from support.clients.kafka_address import KafkaAddress
from support.errors import StackError, Unavailable
from support.stack.listening import LOOPBACK

ADDRESSES = ("IPAddress", "GlobalIPv6Address")
NOT_A_NETWORK = ("host", "none", "container")
"""Network modes in which a container can't be disconnected."""


class ContainerNetwork:
    """The networks of a container; implements BrokerNetwork."""

    def __init__(self, find: Callable[[], Any], kafka: KafkaAddress) -> None:
        """`find` returns the present container (of the docker package).

        Raises Unavailable if the container shares the network of its host or of another container,
        or if clients reach it by an address that it might not get again.
        """
        self.kafka, self._find = kafka, find
        attrs = self._reloaded()
        mode = str(attrs["HostConfig"]["NetworkMode"]).partition(":")[0]
        if mode in NOT_A_NETWORK:
            raise Unavailable(
                f"The broker's container shares a network (mode {mode}), so it can't be "
                "disconnected from it."
            )
        self._endpoints: dict[str, Any] = dict(attrs["NetworkSettings"]["Networks"])
        own = {each.get(key) for each in self._endpoints.values() for key in ADDRESSES}
        if any(host in own for host, _ in kafka.servers):
            raise Unavailable(
                "Clients use the address of the broker's container, which it might not get again.",
                then="give a published port: -D bootstrap=HOST:PORT",
            )
        self._published = _published(attrs)
        self.ports = self.open_ports()

    @property
    def pid(self) -> int:
        """The id of its first process; 0 if it has ended."""
        return int(self._reloaded()["State"]["Pid"])

    def networks(self) -> tuple[str, ...]:
        return tuple(self._reloaded()["NetworkSettings"]["Networks"])

    def open_ports(self) -> int:
        """How many of the originally published ports accept a connection now."""
        return sum(_accepts(port) for port in self._published)

    def disconnect(self) -> None:
        found = self._find()
        for name in self.networks():
            found.client.networks.get(name).disconnect(found)

    def reconnect(self) -> None:
        """Connects it with the aliases and the fixed addresses that it had.

        Raises StackError for the networks that it can't be connected to, after all others.
        """
        found = self._find()
        troubles = [each for each in put_back(found, self._endpoints) if each[1]]
        if troubles:
            raise StackError(
                f"The container {found.name} can't be connected to its network again.",
                seen="; ".join(f"{network}: {trouble}" for network, trouble in troubles),
                then="; ".join(f"docker network connect {n} {found.name}" for n, _ in troubles),
            )

    def _reloaded(self) -> Any:
        found = self._find()
        found.reload()
        return found.attrs


def _published(attrs: Any) -> set[tuple[str, int]]:
    """The addresses of this host at which a container's ports are published."""
    ports = attrs["NetworkSettings"]["Ports"] or {}
    hosts = [host for each in ports.values() for host in each or ()]
    return {(_address(host["HostIp"]), int(host["HostPort"])) for host in hosts}


def _address(ip: str) -> str:
    return LOOPBACK if ip in ("0.0.0.0", "::") else str(ip)


def put_back(found: Any, endpoints: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Connects a container to every network that it has lost.

    `endpoints`: the networks that it had, as the engine reported them. Yields the name of each lost
    network, and the reason why it could not be connected to it (empty if it was).
    """
    found.reload()
    for name in sorted(endpoints.keys() - found.attrs["NetworkSettings"]["Networks"].keys()):
        try:
            _connect(found, name, endpoints[name])
            yield name, ""
        except APIError as error:
            yield name, str(error)[:300]


def _connect(found: Any, network: str, endpoint: Mapping[str, Any]) -> None:
    fixed = endpoint.get("IPAMConfig") or {}
    # The engine adds the short id itself, and reports it as an alias.
    aliases = [each for each in endpoint.get("Aliases") or () if each != found.short_id]
    found.client.networks.get(network).connect(
        found,
        aliases=aliases or None,
        links=endpoint.get("Links"),
        ipv4_address=fixed.get("IPv4Address"),
        ipv6_address=fixed.get("IPv6Address"),
        driver_opt=endpoint.get("DriverOpts"),
    )


def _accepts(address: tuple[str, int]) -> bool:
    """Whether a server accepts a connection. Docker's proxy accepts one for a container that is
    gone, and closes it at once."""
    try:
        with socket.create_connection(address, timeout=1) as opened:
            opened.settimeout(0.5)
            return opened.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False
