"""One container that can be stopped, crashed, paused and started, and what it says and uses."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from docker.errors import APIError

from support import clock
from support.clients.usage import Usage
from support.errors import StackError
from support.interruption import interruptible
from support.stack.docker.part_cores import cores_of_container
from support.stack.docker.part_disk import PLAIN, PartDisk

GRACE_S = 60
KILLED = 137
"""Exit code of a process that SIGKILL ended."""


class Container:
    """Implements ports.PartControl. `find` gives the container of the docker package: a container
    that is made anew is another one."""

    def __init__(
        self, name: str, find: Callable[[], Any], log: Path, since_s: float | None = None
    ) -> None:
        """`since_s`: what was logged before that moment (wall clock) is not of interest."""
        self.name, self._find, self._log, self._since_s = name, find, log, since_s
        self._disk = PartDisk()
        self._engine_cores: int | None = None
        self.spawned_ns = 0
        self._spawned_s = 0.0
        """By the wall clock, which the engine shares."""

    def start(self) -> None:
        self.spawned_ns = clock.now_ns()
        self._spawned_s = clock.utc_now().timestamp()
        self._find().start()

    def stop(self) -> bool:
        found = self._find()
        with interruptible():
            found.stop(timeout=GRACE_S)
        found.reload()
        return int(found.attrs["State"]["ExitCode"]) != KILLED

    def kill(self) -> None:
        found = self._find()
        if self._state(found)["Paused"]:
            found.unpause()
        if self._state(found)["Running"]:
            found.kill()
            found.wait(timeout=GRACE_S)

    def alive(self) -> bool:
        return bool(self._state(self._find())["Running"])

    @property
    def incarnation(self) -> str:
        """When it was started the last time, by the engine's clock; empty when it does not run."""
        state = self._state(self._find())
        return str(state["StartedAt"]) if state["Running"] else ""

    def seen(self) -> str:
        """What the engine says of it now, in words."""
        state = self._state(self._find())
        if state["Paused"]:
            return "Docker says that its container is paused"
        if state["Running"]:
            return "Docker says that its container runs"
        return f"Docker says that its container has ended, exit code {state['ExitCode']}"

    def state(self) -> str:
        """up, paused, ended or off its network."""
        found = self._find()
        state = self._state(found)
        if state["Paused"] or not state["Running"]:
            return "paused" if state["Paused"] else "ended"
        return "up" if found.attrs["NetworkSettings"]["Networks"] else "off its network"

    def pause(self) -> None:
        self._find().pause()

    def resume(self) -> None:
        self._find().unpause()

    def paused(self) -> bool:
        return bool(self._state(self._find())["Paused"])

    @property
    def pid(self) -> int:
        """Of its first process, on the engine's host."""
        return int(self._state(self._find())["Pid"])

    @property
    def log(self) -> Path:
        """What it has said so far, as a file; empty where the engine does not keep it."""
        return self.copy_log() or self._log

    def copy_log(self) -> Path | None:
        """The same, made anew; None where the engine does not keep it."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        try:
            said = self._find().logs(since=self._since_s)
        except APIError:
            self._log.write_bytes(b"")
            return None
        self._log.write_bytes(said)
        return self._log

    def tail(self, lines: int = 10) -> str:
        try:
            said = self._find().logs(tail=lines)
        except APIError as error:
            return f"(its log can't be read: {error})"
        return str(said.decode(errors="replace")).strip()

    def last_words(self) -> str:
        text = self.tail(400).splitlines()
        telling = [line for line in text if " ERROR " in line or " FATAL " in line]
        return "\n".join((telling or text)[-12:])

    def run(self, command: Sequence[str], environment: Mapping[str, str], within: timedelta) -> str:
        """What a command printed in the container, beside its first process; files of this host
        among its arguments are there under the same name in /tmp.

        Raises StackError when it fails or takes too long.
        """
        found = self._find()
        arguments = [str(each) for each in command]
        for place, argument in enumerate(arguments):
            path = Path(argument)
            if path.is_absolute() and path.is_file():
                found.put_archive("/tmp", _packed(path))
                arguments[place] = f"/tmp/{path.name}"
        limit = ["timeout", f"{within.total_seconds():.0f}"]
        with interruptible():
            code, told = found.exec_run([*limit, *arguments], environment={**PLAIN, **environment})
        text = told.decode(errors="replace")
        if code != 0:
            raise StackError(f"{arguments[0]} failed in {self.name}.", seen=text[-1500:])
        return str(text)

    def usage(self, data: Sequence[str] = ()) -> Usage | None:
        """By the rules of `docker stats`: memory is what is used without the page cache that the
        kernel can take back. `data`: its folders with data. None when it does not run."""
        found = self._find()
        if not self._state(found)["Running"]:
            return None
        seen = found.client.api.stats(found.id, stream=False, one_shot=True)
        memory, cpu = seen.get("memory_stats", {}), seen["cpu_stats"]["cpu_usage"]["total_usage"]
        cache = memory.get("stats", {})
        # cgroup v2 and v1 name the same thing differently.
        idle = cache.get("inactive_file", cache.get("total_inactive_file", 0))
        used = max(0, memory.get("usage", 0) - idle)
        started, spent = found.attrs["State"]["StartedAt"], self._disk.spent_s
        disk = self._disk.read(found, data) if data else None
        # What looking inside took until now counts from the next look on.
        own = cpu / clock.NS_PER_S - spent
        return Usage(started, used, own, disk, self._cores(found)) if used else None

    def _cores(self, found: Any) -> float | None:
        if self._engine_cores is None:
            self._engine_cores = int(found.client.info().get("NCPU") or 0)
        return cores_of_container(found, self._engine_cores)

    @staticmethod
    def _state(found: Any) -> Any:
        found.reload()
        return found.attrs["State"]


def _packed(path: Path) -> bytes:
    """As put_archive wants it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(path, path.name)
    return packed.getvalue()
