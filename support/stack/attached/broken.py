"""What a run breaks of a stack of others is noted first, so that the next command heals what a run
that was killed in between left broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docker import DockerClient
from docker.errors import APIError, NotFound

from support.errors import StackError
from support.stack.compose.broker import ContainerBroker
from support.stack.compose.engine import connect_engine
from support.stack.compose.network import ContainerNetwork, connect


class BrokenNote:
    """A file: container -> the networks that it was on, with its aliases and addresses there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Mapping[str, Any]]:
        return json.loads(self._path.read_text()) if self._path.is_file() else {}

    def add(self, name: str, networks: Mapping[str, Any]) -> None:
        """Whatever is done to a container twice, what it was at first counts."""
        self._write({name: networks, **self.read()})

    def remove(self, name: str) -> None:
        self._write({each: kept for each, kept in self.read().items() if each != name})

    def _write(self, noted: Mapping[str, Mapping[str, Any]]) -> None:
        if noted:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(noted))
        else:
            self._path.unlink(missing_ok=True)

    def heal(self) -> Iterator[str]:
        """What was done, for people. Raises StackError when the engine refuses."""
        noted = self.read()
        client = connect_engine() if noted else None
        for name, networks in noted.items():
            assert client is not None
            try:
                yield from _heal(client, name, networks)
            except NotFound:
                yield f"the container {name}, which a run broke, is not there any more"
            except APIError as error:
                raise StackError(
                    f"The container {name}, which a run broke, can't be healed.",
                    seen=str(error)[:300],
                    then=f"docker unpause {name}; docker start {name}; docker network connect, to "
                    f"{', '.join(networks)}",
                ) from error
            self.remove(name)


def _heal(client: DockerClient, name: str, networks: Mapping[str, Any]) -> Iterator[str]:
    found = client.containers.get(name)
    missing = networks.keys() - found.attrs["NetworkSettings"]["Networks"].keys()
    for network in sorted(missing):
        connect(client, found, network, networks[network])
        yield f"healed what a killed run left: {name} is on the network {network} again"
    if found.attrs["State"]["Paused"]:
        found.unpause()
        yield f"healed what a killed run left: {name} is not paused any more"
    if not found.attrs["State"]["Running"]:
        found.start()
        yield f"healed what a killed run left: {name} was started"


class BreakableContainer(ContainerBroker):
    """A container of others: noted while it is broken."""

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
        self.note = note

    def stop(self) -> bool:
        self._note()
        return super().stop()

    def kill(self) -> None:
        self._note()
        super().kill()

    def pause(self) -> None:
        self._note()
        super().pause()

    def start(self) -> None:
        super().start()
        self.note.remove(self.name)

    def resume(self) -> None:
        super().resume()
        self.note.remove(self.name)

    def _note(self) -> None:
        found = self._find()
        found.reload()
        self.note.add(self.name, found.attrs["NetworkSettings"]["Networks"])


class BreakableNetwork(ContainerNetwork):
    """The networks of a container of others: noted while it is off them."""

    def __init__(
        self, client: DockerClient, find: Callable[[], Any], broker: BreakableContainer
    ) -> None:
        super().__init__(client, find, broker.bootstrap)
        self._broker = broker

    def disconnect(self) -> None:
        self._broker.note.add(self._broker.name, self.endpoints)
        super().disconnect()

    def reconnect(self) -> None:
        super().reconnect()
        self._broker.note.remove(self._broker.name)
