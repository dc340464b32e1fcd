"""One Apache Kafka node (KRaft) as a local process: broker and controller, or one of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from confluent_kafka import KafkaException

from support.clients.readiness import FirstRecord, prove_ready
from support.errors import Explained, NotInTime, StackError
from support.java_properties import write_properties
from support.stack.embedded.commands import run_to_end
from support.stack.embedded.jvm import Jvm
from support.stack.embedded.processes import Recipe, Supervised, tail
from support.stack.embedded.small_disk import SmallDisk
from support.stack.listening import LOOPBACK, accepts_connections
from support.waiting import wait_until

COMBINED = "broker,controller"
FORMAT_WITHIN = timedelta(minutes=2)
CLUSTER_ID = "kafka-validation-stack"
"""22 characters of base64 as KRaft wants them, the same in every run."""


@dataclass(frozen=True)
class BrokerSite:
    """Where a broker lives: name of its process record, folder, two ports, heap."""

    name: str
    folder: Path
    port: int
    controller_port: int
    heap: str
    jmx_port: int = 0
    """0: without JMX, so that start-up is measured without an agent."""
    relayed_port: int = 0
    """A second listener, which advertises `relay_port`: where a relay may stand. 0: without."""
    relay_port: int = 0
    roles: str = COMBINED
    """Or `broker` or `controller` alone, which find each other at `controller_port`."""
    disk: SmallDisk | None = None
    """Where the data is; None: in the folder."""


class EmbeddedBroker:
    """Implements ports.SpareBroker."""

    def __init__(
        self, site: BrokerSite, jvm: Jvm, properties: Mapping[str, str], records: Path
    ) -> None:
        self.site = site
        self.bootstrap = f"{LOOPBACK}:{site.port}"
        self.log = site.folder / "broker.log"
        self.data = site.disk.place if site.disk else site.folder / "data"
        self._jvm = jvm
        self._enter = site.disk.enter() if site.disk else ()
        self._properties, self._records = properties, records
        self._config = site.folder / "server.properties"
        self._output = site.folder / "broker.out"
        # Kafka takes what is relative to where it works. So the clone's path, in which a comma
        # would part two folders, is no part of what it is told.
        self._works_in = site.disk.folder if site.disk else site.folder
        self.process = Supervised(
            Recipe(
                site.name,
                self._enter
                + jvm.command(
                    "kafka.Kafka",
                    [self._relative(self._config)],
                    heap=site.heap,
                    log=self._relative(self.log),
                    jmx_port=site.jmx_port,
                ),
                site.folder,
                self._output,
            ),
            records,
        )

    @property
    def spawned_ns(self) -> int:
        return self.process.spawned_ns

    def format(self) -> None:
        """Empty the folder, write server.properties and format the data folder (KRaft).

        Raises StackError with the tool's words when Kafka rejects a setting.
        """
        shutil.rmtree(self.site.folder, ignore_errors=True)
        self.site.folder.mkdir(parents=True)
        if not self.site.disk:
            self.data.mkdir()
        write_properties(self._config, {**self._properties, **self._own_properties()})
        command = self._enter + self._jvm.command(
            "kafka.tools.StorageTool",
            ["format", "-t", CLUSTER_ID, "-c", self._relative(self._config)],
            heap="256m",
            log=self._relative(self.site.folder / "format.log"),
        )
        done = run_to_end(
            f"{self.site.name}-format", command, self.site.folder, self._records, FORMAT_WITHIN
        )
        if done.code != 0:
            raise self._rejected(done.words.strip().splitlines())

    def start(self) -> None:
        self.process.start()

    def stop(self) -> bool:
        return self.process.stop()

    def kill(self) -> None:
        self.process.kill()

    def alive(self) -> bool:
        return self.process.alive()

    @property
    def incarnation(self) -> str:
        return self.process.incarnation

    def seen(self) -> str:
        return self.process.seen()

    def pause(self) -> None:
        self.process.pause()

    def resume(self) -> None:
        self.process.resume()

    def paused(self) -> bool:
        return self.process.paused()

    prepared = "formatted"

    def discard(self) -> None:
        self.kill()

    def close(self) -> None:
        self.process.close()
        shutil.rmtree(self.site.folder, ignore_errors=True)

    def await_ready(self, within: timedelta) -> FirstRecord:
        """Ready = one record acknowledged and fetched. Fails at once when the process ends."""
        try:
            wait_until(
                lambda: accepts_connections(self.site.port) or not self.alive(),
                bool,
                within,
                f"the broker to listen on {self.bootstrap}",
                every=timedelta(milliseconds=20),
            )
            if self.alive():
                return prove_ready(self.bootstrap, within)
        except (NotInTime, KafkaException, Explained) as error:
            if self.alive():
                raise StackError(
                    f"The broker on {self.bootstrap} runs but does not serve clients.",
                    seen=f"{error}\n{tail(self.log)}",
                    then=f"read {self.log}",
                ) from error
        raise self._rejected(self.last_words().splitlines())

    def _relative(self, path: Path) -> str:
        """A path as it is seen from where the process works."""
        return os.path.relpath(path, self._works_in)

    def last_words(self) -> str:
        """What a dead JVM left: the log's errors, and what it printed itself."""
        log = [line for line in tail(self.log, 400).splitlines() if "FATAL" in line]
        log += [line for line in tail(self.log, 60).splitlines() if "xception" in line][:5]
        return "\n".join(log[-8:] + tail(self._output, 8).splitlines())

    def _rejected(self, words: list[str]) -> StackError:
        telling = [line for line in words if line.strip() and not line.startswith("\tat ")]
        return StackError(
            "The broker ended while it started.",
            seen="\n    " + "\n    ".join(telling[-12:] or ["(it left no word)"]),
            cause="a setting that Kafka rejects (baseline/broker.properties or -D broker.KEY), "
            "or too little memory for -D kafka_heap",
            then=f"read {self.log.name} and {self._output.name} in {self.site.folder}",
        )

    def _own_properties(self) -> dict[str, str]:
        site, control = self.site, f"CONTROLLER://{LOOPBACK}:{self.site.controller_port}"
        clients = {"PLAINTEXT": (site.port, site.port)}
        if site.relayed_port:
            clients["RELAYED"] = (site.relayed_port, site.relay_port)
        listeners = [f"{name}://{LOOPBACK}:{own}" for name, (own, _) in clients.items()]
        advertised = [f"{name}://{LOOPBACK}:{told}" for name, (_, told) in clients.items()]
        alone = site.roles == "controller"
        # Voter ids differ from the broker's where they are not one process.
        voter, node = (1, 1) if site.roles == COMBINED else (2, 2 if alone else 1)
        if site.roles != "broker":
            listeners = [control] if alone else [*listeners, control]
        return {
            "process.roles": site.roles,
            "node.id": str(node),
            "controller.quorum.voters": f"{voter}@{LOOPBACK}:{site.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": ",".join(listeners),
            **({} if alone else {"advertised.listeners": ",".join(advertised)}),
            "listener.security.protocol.map": ",".join(
                f"{name}:PLAINTEXT" for name in ("CONTROLLER", *clients)
            ),
            "log.dirs": self._relative(self.data),
        }
