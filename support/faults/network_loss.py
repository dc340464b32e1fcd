"""The broker is disconnected from its networks for a while: it runs, but no client can reach it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support.clients.readiness import prove_ready
from support.errors import Inconclusive
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.stack.capabilities import needed
from support.stack.lifecycle import Component
from support.stack.network import BrokerNetwork, NetworkMembership


@dataclass(frozen=True)
class NetworkLoss:
    """The broker is disconnected for `hold`; then it has `patience` to serve clients again."""

    hold: timedelta
    patience: timedelta
    needs: ClassVar = NetworkMembership
    breaks: ClassVar = Component.BROKER

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        return f"broker disconnected from its networks for {self.hold.total_seconds():g} s"

    def target(self, system: SystemUnderTest) -> BrokerNetwork:
        return needed(system.stack, NetworkMembership).broker_network()

    @contextmanager
    def injected(self, network: BrokerNetwork) -> Iterator[FaultTimeline]:
        """See Fault. Raises Inconclusive if the broker can still be reached, or has ended."""
        pid = network.pid
        if not pid or not network.networks():
            raise Inconclusive("The broker does not run, or is on no network.")
        with injection(
            self.name,
            heal=lambda _: network.reconnect(),
            works_again=lambda _: prove_ready(network.kafka, self.patience),
        ) as timeline:
            network.disconnect()
            timeline.proven_broken()
            self._prove_lost(network, pid)
            yield timeline
            timeline.hold(self.hold)
            self._prove_lost(network, pid)
            timeline.proofs.append(
                f"on no network at the beginning and at the end, while its process {pid} runs; "
                f"published ports that answered before: {network.ports}, now: 0"
            )

    def _prove_lost(self, network: BrokerNetwork, pid: int) -> None:
        if network.pid != pid:
            raise Inconclusive("The broker ended when it was disconnected.")
        if network.networks():
            raise Inconclusive(
                "The broker is still on a network.", seen=", ".join(network.networks())
            )
        if network.open_ports():
            raise Inconclusive(
                "The broker is on no network, and can still be reached.",
                seen=f"{network.open_ports()} of its published ports accept connections",
            )
