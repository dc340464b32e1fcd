"""A journal of what a run breaks in a stack of others.

An entry is written before anything is broken. If the run is killed before it has healed that,
the next command heals it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from docker.errors import APIError, NotFound

from support.errors import StackError
from support.settings import Settings
from support.stack.docker.engine import connect_engine
from support.stack.docker.network import put_back

ENDED, PAUSED, OFF_ITS_NETWORK = "ended", "paused", "off its network"


@dataclass(frozen=True)
class BrokenContainer:
    """A container before it was broken, and what was `done` to it.

    `engine`: the id of its Docker engine. `networks`: name -> how it was connected, as the engine
    describes it. `brokers`: the ids of the cluster's brokers while nothing was broken.
    """

    name: str
    engine: str
    networks: dict[str, Any]
    brokers: tuple[int, ...]
    done: tuple[str, ...] = ()


JOURNAL = msgspec.json.Decoder(dict[str, BrokenContainer])


def fault_journal(settings: Settings) -> FaultJournal:
    """Returns the journal of this clone."""
    return FaultJournal(settings.home / "attach" / "broken.json")


class FaultJournal:
    """A file that holds a BrokenContainer for each container id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.brokers: tuple[int, ...] = ()
        """The brokers of the cluster while nothing is broken."""

    def read(self) -> dict[str, BrokenContainer]:
        """Returns container id -> entry. Raises StackError if the file can't be read."""
        if not self._path.is_file():
            return {}
        try:
            return JOURNAL.decode(self._path.read_bytes())
        except msgspec.DecodeError as error:
            raise StackError(
                "The journal of what a killed run left broken can't be read.",
                seen=str(error),
                then=f"check the containers yourself (docker ps --all), then rm {self._path}",
            ) from error

    def add(self, container: Any, done: str) -> None:
        """Records that `done` is about to be done to a container, and its state if it is the first.

        Called before the container is broken; only the first call sees it as it was.
        """
        entries = self.read()
        container.reload()
        first = BrokenContainer(
            container.name,
            container.client.info()["ID"],
            container.attrs["NetworkSettings"]["Networks"],
            self.brokers,
        )
        entry = entries.get(container.id, first)
        entries[container.id] = replace(entry, done=tuple(sorted({*entry.done, done})))
        self._write(entries)

    def remove(self, container_id: str) -> None:
        self._write({each: e for each, e in self.read().items() if each != container_id})

    def _write(self, entries: dict[str, BrokenContainer]) -> None:
        if entries:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Replaced as a whole: a kill in the middle of writing must not destroy the journal.
            staged = self._path.with_suffix(".new")
            staged.write_bytes(msgspec.json.encode(entries))
            staged.replace(self._path)
        else:
            self._path.unlink(missing_ok=True)

    def heal(self) -> Iterator[str]:
        """Heals every recorded container; yields what was done, as lines for people.

        Raises StackError if the Docker engine refuses.
        """
        entries = self.read()
        if not entries:
            return
        client = connect_engine()
        engine = client.info()["ID"]
        for container_id, entry in entries.items():
            name = entry.name
            if entry.engine != engine:
                yield f"NOT healed: {name}, which a killed run broke, is on another engine"
                continue
            try:
                found = client.containers.get(container_id)
            except NotFound:
                yield f"the container {name}, which a killed run broke, does not exist any more"
            else:
                yield from _heal(found, entry)
            self.remove(container_id)


def _heal(found: Any, entry: BrokenContainer) -> Iterator[str]:
    name, healed = entry.name, "healed what a killed run left"
    try:
        if OFF_ITS_NETWORK in entry.done:
            for network, trouble in put_back(found, entry.networks):
                if trouble:
                    yield f"NOT healed: {name} is not on the network {network}: {trouble}"
                else:
                    yield f"{healed}: {name} is on the network {network} again"
        if PAUSED in entry.done and found.attrs["State"]["Paused"]:
            found.unpause()
            yield f"{healed}: {name} is not paused any more"
        if ENDED in entry.done and not found.attrs["State"]["Running"]:
            found.start()
            yield f"{healed}: {name} was started"
    except APIError as error:
        raise StackError(
            f"The container {name}, which a killed run broke, can't be healed.",
            seen=str(error)[:300],
            then=f"docker unpause {name}; docker start {name}",
        ) from error
