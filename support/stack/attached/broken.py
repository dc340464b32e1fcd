"""What a run breaks of a stack of others is noted first, so that the next command heals what a run
that was killed in between left broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docker.errors import APIError, NotFound

from support.errors import StackError
from support.stack.docker.engine import connect_engine
from support.stack.docker.network import put_back

ENDED, PAUSED, OFF_ITS_NETWORK = "ended", "paused", "off its network"


class BrokenNote:
    """A file of this clone: id of a container -> its name, its engine, the networks that it was
    on, what was done to it, and the brokers that the cluster had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.brokers: tuple[int, ...] = ()
        """Of the cluster, while nothing is broken."""

    def read(self) -> dict[str, dict[str, Any]]:
        """Raises StackError when it can't be read."""
        if not self._path.is_file():
            return {}
        try:
            return dict(json.loads(self._path.read_text()))
        except ValueError as error:
            raise StackError(
                "The note of what a killed run left broken can't be read.",
                seen=str(error),
                then=f"look after the containers yourself (docker ps --all), then rm {self._path}",
            ) from error

    def add(self, container: Any, done: str) -> None:
        """`done` is about to be done to it. What it was at first counts."""
        noted = self.read()
        container.reload()
        first = {
            "name": container.name,
            "engine": container.client.info()["ID"],
            "networks": container.attrs["NetworkSettings"]["Networks"],
            "brokers": self.brokers,
            "done": [],
        }
        entry = noted.setdefault(container.id, first)
        entry["done"] = sorted({*entry["done"], done})
        self._write(noted)

    def remove(self, container_id: str) -> None:
        self._write({each: kept for each, kept in self.read().items() if each != container_id})

    def _write(self, noted: dict[str, dict[str, Any]]) -> None:
        if noted:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Renamed: a kill in the middle of it must not cost the note.
            staged = self._path.with_suffix(".new")
            staged.write_text(json.dumps(noted))
            staged.replace(self._path)
        else:
            self._path.unlink(missing_ok=True)

    def heal(self) -> Iterator[str]:
        """What was done, for people. Raises StackError when the engine refuses."""
        noted = self.read()
        if not noted:
            return
        client = connect_engine()
        engine = client.info()["ID"]
        for container_id, entry in noted.items():
            name = entry["name"]
            if entry["engine"] != engine:
                yield f"NOT healed: {name}, which a killed run broke, is another engine's"
                continue
            try:
                found = client.containers.get(container_id)
            except NotFound:
                yield f"the container {name}, which a killed run broke, is not there any more"
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
