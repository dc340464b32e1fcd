"""The broker is taken off its network for a while: it runs on, and nobody reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from confluent_kafka import KafkaException

from support import clock
from support.clients.readiness import prove_ready
from support.errors import Explained, Inconclusive
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.stack.network import BrokerNetwork


@dataclass(frozen=True)
class NetworkLoss:
    """Off every network for `hold`, then back on them, and serving within `patience`."""

    hold: timedelta
    patience: timedelta

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        return f"broker off its network for {self.hold.total_seconds():g} s"

    @contextmanager
    def injected(self, network: BrokerNetwork) -> Iterator[FaultTimeline]:
        """Off inside the `with`, for `hold` at least; back on leaving it, however left.

        Raises Inconclusive when it could still be reached, or ended.
        """
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())
        pid = network.pid
        if not pid or not network.networks():
            raise Inconclusive("The broker does not run, or is on no network.")

        def heal() -> None:
            timeline.heal_begins()
            network.reconnect()

        def ready() -> None:
            prove_ready(network.bootstrap, self.patience)

        failing = (Explained, KafkaException)
        with healed(heal, lambda: timeline.prove_healed(ready, "serves clients again", failing)):
            network.disconnect()
            timeline.proven_broken()
            self._prove_lost(network, pid)
            yield timeline
            timeline.hold(self.hold)
            self._prove_lost(network, pid)
            timeline.proofs.append(
                f"on no network at the beginning and at the end, and its process {pid} runs on; "
                f"published ports that answered before: {network.ports}, now: 0"
            )

    def _prove_lost(self, network: BrokerNetwork, pid: int) -> None:
        if network.pid != pid:
            raise Inconclusive("The broker ended when it was taken off its network.")
        if network.networks():
            raise Inconclusive(
                "The broker is still on a network.", seen=", ".join(network.networks())
            )
        if network.open_ports():
            raise Inconclusive(
                "The broker is on no network, and can still be reached.",
                seen=f"{network.open_ports()} of its published ports accept connections",
            )
