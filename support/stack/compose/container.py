"""One container that can be stopped, crashed, paused and started, and what it says and uses."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException

from support import clock
from support.clients.broker import FirstRecord, prove_ready
from support.clients.usage import Usage, disk_usage
from support.errors import Explained, NotInTime, StackError
from support.waiting import wait_until

GRACE_S = 60
KILLED = 137
"""Exit code of a process that SIGKILL ended."""


class Container:
    """Implements ports.PartControl. `find` gives the container of the docker package: a container
    that is made anew is another one."""

    def __init__(self, name: str, find: Callable[[], Any], log: Path) -> None:
        self.name, self._find, self._log = name, find, log
        self.spawned_ns = 0
        self._spawned_s = 0.0
        """By the wall clock, which the engine shares."""

    def start(self) -> None:
        self.spawned_ns = clock.now_ns()
        self._spawned_s = clock.utc_now().timestamp()
        self._find().start()

    def stop(self) -> bool:
        found = self._find()
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
        """What it has said so far, as a file."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.write_bytes(self._find().logs())
        return self._log

    def tail(self, lines: int = 10) -> str:
        return str(self._find().logs(tail=lines).decode(errors="replace")).strip()

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
        code, told = found.exec_run([*limit, *arguments], environment=dict(environment))
        text = told.decode(errors="replace")
        if code != 0:
            raise StackError(f"{arguments[0]} failed in {self.name}.", seen=text[-1500:])
        return str(text)

    def usage(self, data: str | None = None) -> Usage | None:
        """By the rules of `docker stats`: memory is what is used without the page cache that the
        kernel can take back. `data`: its folder with the data. None when it does not run."""
        found = self._find()
        if not self._state(found)["Running"]:
            return None
        seen = found.client.api.stats(found.id, stream=False, one_shot=True)
        memory, cpu = seen.get("memory_stats", {}), seen["cpu_stats"]["cpu_usage"]["total_usage"]
        cache = memory.get("stats", {})
        # cgroup v2 and v1 name the same thing differently.
        idle = cache.get("inactive_file", cache.get("total_inactive_file", 0))
        used = max(0, memory.get("usage", 0) - idle)
        started = found.attrs["State"]["StartedAt"]
        disk = self._disk(found, data) if data else None
        return Usage(started, used, cpu / clock.NS_PER_S, disk) if used else None

    def _disk(self, found: Any, data: str) -> int:
        """From the volume's place on this host where it may be read, else by the container."""
        places = [m["Source"] for m in found.attrs["Mounts"] if m["Destination"] == data]
        if places and Path(places[0]).is_dir():
            return disk_usage(Path(places[0]))
        _, told = found.exec_run(["du", "-sk", data])
        return int(told.split()[0]) * 1024 if told[:1].isdigit() else 0

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


class ContainerBroker(Container):
    """Implements ports.BrokerControl."""

    def __init__(self, name: str, find: Callable[[], Any], log: Path, bootstrap: str) -> None:
        super().__init__(name, find, log)
        self.bootstrap = bootstrap

    def await_ready(self, within: timedelta) -> FirstRecord:
        """Ready = one record acknowledged and fetched. Fails at once when the container ends."""
        try:
            wait_until(
                lambda: self._listens() or not self.alive(), bool, within,
                f"the broker to listen in {self.name}", every=timedelta(milliseconds=50),
            )  # fmt: skip
            if self.alive():
                return prove_ready(self.bootstrap, within)
        except (NotInTime, KafkaException, Explained) as error:
            if self.alive():
                raise StackError(
                    f"The broker on {self.bootstrap} runs but does not serve clients.",
                    seen=f"{error}\n{self.tail()}",
                    then=f"docker logs {self.name}",
                ) from error
        raise StackError(
            "The broker's container ended while it started.",
            seen="\n    " + "\n    ".join(self.last_words().splitlines()),
            cause="a setting that Kafka rejects (baseline/broker.properties or -D broker.KEY), "
            "or too little memory for -D kafka_heap",
            then=f"docker logs {self.name}",
        )

    def _listens(self) -> bool:
        """By its own word: Docker's proxy accepts connections before anything listens."""
        said = self._find().logs(since=self._spawned_s or None)
        return b"Kafka Server started" in said
