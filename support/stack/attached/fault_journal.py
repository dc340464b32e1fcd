"""A journal of what a run breaks in a stack of others.

An entry is written before anything is broken. If the run is killed before it has healed that,
the next command heals it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docker.errors import APIError, NotFound

from support.errors import StackError
from support.settings import Settings
from support.stack.docker.engine import connect_engine
from support.stack.docker.network import put_back

ENDED, PAUSED, OFF_ITS_NETWORK = "ended", "paused", "off its network"


def fault_journal(settings: Settings) -> FaultJournal:
    """The journal of this clone."""
    return FaultJournal(settings.home / "attach" / "broken.json")


class FaultJournal:
    """A file: the id of a container -> its name, its engine, the networks that it was connected
    to, what was done to it, and the brokers that the cluster had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.brokers: tuple[int, ...] = ()
        """The brokers of the cluster while nothing is broken."""

    def read(self) -> dict[str, dict[str, Any]]:
        """Read all entries. Raises StackError if the file can't be read."""
        if not self._path.is_file():
            return {}
        try:
            return dict(json.loads(self._path.read_text()))
        except ValueError as error:
            raise StackError(
                "The journal of what a killed run left broken can't be read.",
                seen=str(error),
                then=f"check the containers yourself (docker ps --all), then rm {self._path}",
            ) from error

    def add(self, container: Any, done: str) -> None:
        """Record that `done` is about to be done to it. The first state of a container counts."""
        entries = self.read()
        container.reload()
        first = {
            "name": container.name,
            "engine": container.client.info()["ID"],
            "networks": container.attrs["NetworkSettings"]["Networks"],
            "brokers": self.brokers,
            "done": [],
        }
        entry = entries.setdefault(container.id, first)
        entry["done"] = sorted({*entry["done"], done})
        self._write(entries)

    def remove(self, container_id: str) -> None:
        self._write({each: e for each, e in self.read().items() if each != container_id})

    def _write(self, entries: dict[str, dict[str, Any]]) -> None:
        if entries:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Replaced as a whole: a kill in the middle of writing must not destroy the journal.
            staged = self._path.with_suffix(".new")
            staged.write_text(json.dumps(entries))
            staged.replace(self._path)
        else:
            self._path.unlink(missing_ok=True)

    def heal(self) -> Iterator[str]:
        """Heal everything that is recorded here; yields what was done, as lines for people.

        Raises StackError if the Docker engine refuses.
        """
        entries = self.read()
        if not entries:
            return
        client = connect_engine()
        engine = client.info()["ID"]
        for container_id, entry in entries.items():
            name = entry["name"]
            if entry["engine"] != engine:
                yield f"NOT healed: {name}, which a killed run broke, is on another engine"
                continue
            try:
                found = client.containers.get(container_id)
            except NotFound:
                yield f"the container {name}, which a killed run broke, does not exist any more"
            else:
                yield from _heal(found, entry)
            self.remove(container_id)


def _heal(found: Any, entry: dict[str, Any]) -> Iterator[str]:
    name, healed = entry["name"], "healed what a killed run left"
    try:
        if OFF_ITS_NETWORK in entry["done"]:
            for network, trouble in put_back(found, entry["networks"]):
                if trouble:
                    yield f"NOT healed: {name} is not on the network {network}: {trouble}"
                else:
                    yield f"{healed}: {name} is on the network {network} again"
        if PAUSED in entry["done"] and found.attrs["State"]["Paused"]:
            found.unpause()
            yield f"{healed}: {name} is not paused any more"
        if ENDED in entry["done"] and not found.attrs["State"]["Running"]:
            found.start()
            yield f"{healed}: {name} was started"
    except APIError as error:
        raise StackError(
            f"The container {name}, which a killed run broke, can't be healed.",
            seen=str(error)[:300],
            then=f"docker unpause {name}; docker start {name}",
        ) from error
