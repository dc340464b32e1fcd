"""A container of others that may be broken: noted while it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.stack.attached.broken import ENDED, OFF_ITS_NETWORK, PAUSED, BrokenNote
from support.stack.compose.broker import ContainerBroker
from support.stack.docker.network import ContainerNetwork


class BreakableContainer(ContainerBroker):
    """Implements ports.BrokerControl, and ports.ClusterMember when it is a broker."""

    node_id = -1
    """Of the broker that it is."""

    def __init__(
        self,
        name: str,
        find: Callable[[], Any],
        log: Path,
        bootstrap: str,
        note: BrokenNote,
        since_s: float,
    ) -> None:
        super().__init__(name, find, log, bootstrap, ours=False, since_s=since_s)
        self._note = note

    def stop(self) -> bool:
        self._note.add(self._find(), ENDED)
        return super().stop()

    def kill(self) -> None:
        self._note.add(self._find(), ENDED)
        super().kill()

    def pause(self) -> None:
        self._note.add(self._find(), PAUSED)
        super().pause()

    def start(self) -> None:
        super().start()
        self._note.remove(self._find().id)

    def resume(self) -> None:
        super().resume()
        self._note.remove(self._find().id)


class BreakableNetwork(ContainerNetwork):
    """Implements ports.BrokerNetwork and ports.ClusterMember."""

    def __init__(
        self, find: Callable[[], Any], bootstrap: str, node_id: int, note: BrokenNote
    ) -> None:
        super().__init__(find, bootstrap)
        self.node_id, self._note = node_id, note

    def disconnect(self) -> None:
        self._note.add(self._find(), OFF_ITS_NETWORK)
        super().disconnect()

    def reconnect(self) -> None:
        super().reconnect()
        self._note.remove(self._find().id)
