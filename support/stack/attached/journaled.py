"""Containers of a stack of others that may be broken. The journal records what is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.clients.kafka_address import KafkaAddress
from support.stack.attached.fault_journal import ENDED, OFF_ITS_NETWORK, PAUSED, FaultJournal
from support.stack.docker.broker import ContainerBroker
from support.stack.docker.network import ContainerNetwork


class JournaledContainer(ContainerBroker):
    """A container whose faults are recorded. Implements BrokerControl and ClusterMember."""

    node_id = -1
    """The broker's id in the cluster; -1 if it is not known, or if this is not a broker."""

    def __init__(
        self,
        name: str,
        find: Callable[[], Any],
        log: Path,
        kafka: KafkaAddress,
        journal: FaultJournal,
        since_s: float,
    ) -> None:
        super().__init__(name, find, log, kafka, ours=False, since_s=since_s)
        self._journal = journal

    def stop(self) -> bool:
        self._journal.add(self._find(), ENDED)
        return super().stop()

    def kill(self) -> None:
        self._journal.add(self._find(), ENDED)
        super().kill()

    def pause(self) -> None:
        self._journal.add(self._find(), PAUSED)
        super().pause()

    def start(self) -> None:
        super().start()
        self._journal.remove(self._find().id)

    def resume(self) -> None:
        super().resume()
        self._journal.remove(self._find().id)


class JournaledNetwork(ContainerNetwork):
    """Networks whose cuts are recorded; implements BrokerNetwork and ClusterMember."""

    def __init__(
        self, find: Callable[[], Any], kafka: KafkaAddress, node_id: int, journal: FaultJournal
    ) -> None:
        super().__init__(find, kafka)
        self.node_id, self._journal = node_id, journal

    def disconnect(self) -> None:
        self._journal.add(self._find(), OFF_ITS_NETWORK)
        super().disconnect()

    def reconnect(self) -> None:
        super().reconnect()
        self._journal.remove(self._find().id)
