"""One container that can be stopped, crashed, paused and started, its log and its usage."""

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
"""The exit code of a process that was ended by SIGKILL."""


class Container:
    """One container; implements PausableControl."""

    def __init__(
        self, name: str, find: Callable[[], Any], log: Path, since_s: float | None = None
    ) -> None:
        """`find` returns the present container (of the docker package), which may be a new one.
        `since_s`: lines that were logged before that time (wall clock) are left out."""
        self.name, self._find, self._log, self._since_s = name, find, log, since_s
        self._disk = PartDisk()
        self._engine_cores: int | None = None
        self.spawned_ns = 0
        self._spawned_s = 0.0
        """In seconds of the wall clock, which the engine shares."""

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
        """The time of its last start, by the engine's clock; empty if it does not run."""
        state = self._state(self._find())
        return str(state["StartedAt"]) if state["Running"] else ""

    def seen(self) -> str:
        """Its present state in words, as Docker reports it."""
        state = self._state(self._find())
        if state["Paused"]:
            return "Docker reports its container as paused"
        if state["Running"]:
            return "Docker reports its container as running"
        return f"Docker reports its container as ended, exit code {state['ExitCode']}"

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
        """The id of its first process, on the engine's host."""
        return int(self._state(self._find())["Pid"])

    @property
    def log(self) -> Path:
        """A new copy of its log; an empty file if the engine does not keep it."""
        return self.copy_log() or self._log

    def copy_log(self) -> Path | None:
        """A new copy of its log; None if the engine does not keep it."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        try:
            text = self._find().logs(since=self._since_s)
        except APIError:
            self._log.write_bytes(b"")
            return None
        self._log.write_bytes(text)
        return self._log

    def tail(self, lines: int = 10) -> str:
        try:
            text = self._find().logs(tail=lines)
        except APIError as error:
            return f"(its log can't be read: {error})"
        return str(text.decode(errors="replace")).strip()

    def last_words(self) -> str:
        text = self.tail(400).splitlines()
        telling = [line for line in text if " ERROR " in line or " FATAL " in line]
        return "\n".join((telling or text)[-12:])

    def run(self, command: Sequence[str], environment: Mapping[str, str], within: timedelta) -> str:
        """Runs a command in the running container, and returns its output.

        Arguments that are files of this host are copied to /tmp there. Raises StackError if the
        command fails or takes too long.
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
            code, output = found.exec_run(
                [*limit, *arguments], environment={**PLAIN, **environment}
            )
        text = output.decode(errors="replace")
        if code != 0:
            raise StackError(f"{arguments[0]} failed in {self.name}.", seen=text[-1500:])
        return str(text)

    def usage(self, data: Sequence[str] = ()) -> Usage | None:
        """Its usage by the rules of `docker stats`; None if it does not run.

        Memory does not include the page cache that the kernel can reclaim. `data`: its folders with
        data.
        """
        found = self._find()
        if not self._state(found)["Running"]:
            return None
        seen = found.client.api.stats(found.id, stream=False, one_shot=True)
        memory, cpu = seen.get("memory_stats", {}), seen["cpu_stats"]["cpu_usage"]["total_usage"]
        cache = memory.get("stats", {})
        # The first name is that of cgroup v2, the second that of v1.
        idle = cache.get("inactive_file", cache.get("total_inactive_file", 0))
        used = max(0, memory.get("usage", 0) - idle)
        started, spent = found.attrs["State"]["StartedAt"], self._disk.spent_s
        disk = self._disk.read(found, data) if data else None
        # CPU time that measuring the disk has just taken is subtracted the next time.
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
    """A file as a tar archive, for put_archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(path, path.name)
    return packed.getvalue()
