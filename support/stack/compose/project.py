"""One project of Docker Compose: this repository's file with the suite's variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import docker
from docker.errors import NotFound

from support.errors import StackError
from support.settings import ROOT
from support.stack.processes.commands import Finished, run_to_end

FILE = ROOT / "docker-compose.yml"
ISOLATED = "-isolated-"
"""Between the project's name and the kind in the name of an isolated container."""

UP_WITHIN, DOWN_WITHIN = timedelta(minutes=30), timedelta(minutes=5)
"""Long, because images may have to be pulled first."""

MISSING = (
    "pull access denied",
    "manifest unknown",
    "not found",
    "no such host",
    "i/o timeout",
    "No such image",
    "connection refused",
    "Client.Timeout",
)
"""Words in the message about an image that can't be pulled."""


class ComposeProject:
    """All its containers, volumes and networks have `name` in theirs. Nothing else is touched."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        client: docker.DockerClient,
        environment: Mapping[str, str],
    ) -> None:
        self.name, self.client = name, client
        self._command, self._environment = tuple(command), dict(environment)

    def up(self, services: Sequence[str]) -> None:
        """Creates and starts the containers. Returns when they run, not when they serve clients.

        Raises StackError, with the cause, if Compose fails.
        """
        done = self._run(UP_WITHIN, "up", "--detach", *services)
        if done.code != 0:
            raise self._refused(done.words)

    def down(self) -> None:
        """Stops and removes everything of this project, its data and isolated containers too."""
        # These first: they use the project's network, which Compose could not remove otherwise.
        self._sweep({"name": f"{self.name}{ISOLATED}"})
        self._run(DOWN_WITHIN, "down", "--volumes", "--remove-orphans", "--timeout", "60")
        self._sweep({"label": f"com.docker.compose.project={self.name}"})

    def _sweep(self, which: dict[str, str | list[str] | bool]) -> None:
        """Removes what Compose did not remove, or does not know."""
        for container in self.client.containers.list(all=True, filters=which):
            container.remove(force=True, v=True)
        for volume in self.client.volumes.list(filters=which):
            volume.remove(force=True)
        for network in self.client.networks.list(filters=which):
            network.remove()

    def remove(self, name: str) -> None:
        """Removes the container of this name, its anonymous volumes, and the volume of this name.

        Missing ones are ignored.
        """
        with suppress(NotFound):
            self.client.containers.get(name).remove(force=True, v=True)
        with suppress(NotFound):
            self.client.volumes.get(name).remove(force=True)

    def container(self, service: str) -> Any:
        """The container of a service. Raises StackError if there is none."""
        labels = [
            f"com.docker.compose.project={self.name}",
            f"com.docker.compose.service={service}",
        ]
        found = self.client.containers.list(all=True, filters={"label": labels})
        if not found:
            raise StackError(f"There is no container of {service}.", then="make up")
        return found[0]

    def exists(self) -> bool:
        """Whether the project has any container."""
        label = f"com.docker.compose.project={self.name}"
        return bool(self.client.containers.list(all=True, filters={"label": [label]}))

    def _run(self, within: timedelta, *arguments: str) -> Finished:
        """Runs Compose in a separate session: a Ctrl-C must not cut its orderly end off."""
        folder = ROOT / ".stack" / "compose" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return run_to_end(
            "docker-compose",
            (*self._command, "-p", self.name, "-f", str(FILE), *arguments),
            folder,
            folder / "processes",
            within,
            environment=self._environment,
        )

    def _refused(self, words: str) -> StackError:
        lines = [line for line in words.splitlines() if line.strip()]
        telling = "\n    ".join(lines[-6:])
        if "port is already allocated" in words or "address already in use" in words:
            return StackError(
                "A port of the stack is taken.",
                seen=f"\n    {telling}",
                then="end what uses it, or choose another: -D kafka_port=, connect_port=, ...",
            )
        if any(mark in words for mark in MISSING):
            return StackError(
                "An image of the stack can't be pulled.",
                seen=f"\n    {telling}",
                cause="the registry can't be reached, or the name is wrong",
                then="docker pull it by hand, or name another: -D kafka_image=, connect_image=, "
                "postgres_image=",
            )
        return StackError(
            "Docker Compose could not start the stack.",
            seen=f"\n    {telling}",
            then=f"{' '.join(self._command)} -f {FILE.name} up, and read its output",
        )
