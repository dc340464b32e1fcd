"""The networks of a container: taken away, and given back as they were."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from docker import DockerClient

from support.errors import Unavailable
from support.stack.listening import LOOPBACK

NOT_A_NETWORK = ("host", "none", "container")
"""Modes of a container's network that can't be taken away from it."""


class ContainerNetwork:
    """Implements ports.BrokerNetwork. `find` gives the container of the docker package."""

    def __init__(self, client: DockerClient, find: Callable[[], Any], bootstrap: str) -> None:
        """Raises Unavailable where the container shares the network of its host or of another."""
        self.bootstrap, self._client, self._find = bootstrap, client, find
        found = find()
        mode = str(found.attrs["HostConfig"]["NetworkMode"]).partition(":")[0]
        if mode in NOT_A_NETWORK:
            raise Unavailable(
                f"The broker's container has no network of its own ({mode}), so it can't be taken "
                "off it."
            )
        found.reload()
        self.endpoints: dict[str, Any] = dict(found.attrs["NetworkSettings"]["Networks"])
        published = found.attrs["NetworkSettings"]["Ports"] or {}
        self._published = {
            (LOOPBACK if host["HostIp"] in ("0.0.0.0", "::") else host["HostIp"],
             int(host["HostPort"]))
            for hosts in published.values() for host in hosts or ()
        }  # fmt: skip
        self.ports = self.open_ports()

    @property
    def pid(self) -> int:
        """Of its first process; 0 when it ended."""
        return int(self._reloaded()["State"]["Pid"])

    def networks(self) -> tuple[str, ...]:
        return tuple(self._reloaded()["NetworkSettings"]["Networks"])

    def open_ports(self) -> int:
        """How many of the ports that it published at first accept a connection now."""
        return sum(_accepts(port) for port in self._published)

    def disconnect(self) -> None:
        for name in self.networks():
            self._client.networks.get(name).disconnect(self._find())

    def reconnect(self) -> None:
        """With the aliases and the fixed addresses that it had."""
        missing = self.endpoints.keys() - set(self.networks())
        for name in missing:
            connect(self._client, self._find(), name, self.endpoints[name])

    def _reloaded(self) -> Any:
        found = self._find()
        found.reload()
        return found.attrs


def connect(client: DockerClient, container: Any, network: str, endpoint: Any) -> None:
    """Put a container on a network as `endpoint`, which the engine told before, says."""
    fixed = endpoint.get("IPAMConfig") or {}
    # Its short id, which the engine adds itself, is among those that it tells.
    aliases = [each for each in endpoint.get("Aliases") or () if each != container.short_id]
    client.networks.get(network).connect(
        container,
        aliases=aliases or None,
        links=endpoint.get("Links"),
        ipv4_address=fixed.get("IPv4Address"),
        ipv6_address=fixed.get("IPv6Address"),
    )


def _accepts(address: tuple[str, int]) -> bool:
    """Docker's proxy accepts for a container that is gone, and hangs up at once."""
    try:
        with socket.create_connection(address, timeout=1) as opened:
            opened.settimeout(0.5)
            return opened.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False
