"""One Apache Kafka node (KRaft) as a local process: broker and controller, or one of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

from support.clients.kafka_address import KafkaAddress
from support.clients.logfile import tail
from support.clients.readiness import FirstRecord
from support.errors import Inconclusive
from support.java_properties import write_properties
from support.stack.broker_start import StartingBroker, ended_while_starting
from support.stack.embedded.jvm import Jvm
from support.stack.embedded.small_disk import NamespaceDisk
from support.stack.listening import LOOPBACK, accepts_connections
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Recipe, Supervised

COMBINED = "broker,controller"
EVERY = timedelta(milliseconds=20)
FORMAT_WITHIN = timedelta(minutes=2)
CLUSTER_ID = "kafka-validation-stack"
"""22 characters of base64, as KRaft requires; the same in every run."""


@dataclass(frozen=True)
class BrokerSite:
    """Where a broker runs: the name of its process record, its folder, ports, heap and roles."""

    name: str
    folder: Path
    port: int
    controller_port: int
    heap: str
    jmx_port: int = 0
    """0: without the JMX agent, which would be measured as part of a start-up."""
    relayed_port: int = 0
    """Port of a second listener, which advertises `relay_port` for a relay in front of it. 0: there
    is no such listener."""
    relay_port: int = 0
    roles: str = COMBINED
    """COMBINED, `broker` or `controller`. Separate nodes find each other by `controller_port`."""
    disk: NamespaceDisk | None = None
    """The disk with its data; None: the data is in `folder`."""


class EmbeddedBroker:
    """One node as a local process; implements IsolatedBroker."""

    def __init__(
        self, site: BrokerSite, jvm: Jvm, properties: Mapping[str, str], records: Path
    ) -> None:
        self.site = site
        self.kafka = KafkaAddress(f"{LOOPBACK}:{site.port}")
        self.log = site.folder / "broker.log"
        self.data = site.disk.place if site.disk else site.folder / "data"
        self._jvm = jvm
        self._enter = site.disk.enter() if site.disk else ()
        self._properties, self._records = properties, records
        self._config = site.folder / "server.properties"
        self._output = site.folder / "broker.out"
        # Kafka gets paths relative to its working folder. A comma in the clone's path would
        # otherwise separate two folders.
        self._works_in = site.disk.folder if site.disk else site.folder
        self._copies = count(2)
        self._kept: tuple[Jvm, Path] | None = None
        """Jars and data from before the last switch."""
        self.process = Supervised(self._recipe(), records)

    @property
    def spawned_ns(self) -> int:
        return self.process.spawned_ns

    def format(self) -> None:
        """Empty the folder, write server.properties and format the data folder (KRaft).

        Raises StackError, with the output of Kafka's tool, if Kafka rejects a setting.
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
            raise ended_while_starting(done.words, self._read_log)

    def switch(self, jvm: Jvm) -> None:
        """Uses these jars from the next start on, with a copy of its data. It must be stopped.

        Its data stays as it is. What an earlier switch kept is removed.
        """
        copy = self.data.with_name(f"{self.data.name.partition('-')[0]}-{next(self._copies)}")
        shutil.copytree(self.data, copy)
        if self._kept is not None:
            shutil.rmtree(self._kept[1], ignore_errors=True)
        self._kept = (self._jvm, self.data)
        self._use(jvm, copy)

    def switch_back(self) -> None:
        """Undoes the last switch: uses the jars and the data from before it. It must be stopped.

        Raises Inconclusive if there was none.
        """
        if self._kept is None:
            raise Inconclusive("The broker was not switched to another version.")
        refused = self.data
        self._use(*self._kept)
        self._kept = None
        shutil.rmtree(refused, ignore_errors=True)

    def _use(self, jvm: Jvm, data: Path) -> None:
        self._jvm, self.data = jvm, data
        write_properties(self._config, {**self._properties, **self._own_properties()})
        self.process.recipe = self._recipe()

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
        starting = StartingBroker(
            self.kafka,
            self.alive,
            partial(accepts_connections, self.site.port),
            EVERY,
            partial(tail, self.log),
            self.last_words,
            self._read_log,
        )
        return starting.await_first_record(within)

    def _relative(self, path: Path) -> str:
        """A path relative to the process's working folder."""
        return os.path.relpath(path, self._works_in)

    def last_words(self) -> str:
        """The last errors in its log, and what the JVM printed."""
        log = [line for line in tail(self.log, 400).splitlines() if "FATAL" in line]
        log += [line for line in tail(self.log, 60).splitlines() if "xception" in line][:5]
        return "\n".join(log[-8:] + tail(self._output, 8).splitlines())

    def _recipe(self) -> Recipe:
        command = self._jvm.command(
            "kafka.Kafka",
            [self._relative(self._config)],
            heap=self.site.heap,
            log=self._relative(self.log),
            jmx_port=self.site.jmx_port,
        )
        return Recipe(self.site.name, self._enter + command, self.site.folder, self._output)

    @property
    def _read_log(self) -> str:
        return f"read {self.log.name} and {self._output.name} in {self.site.folder}"

    def _own_properties(self) -> dict[str, str]:
        site, control = self.site, f"CONTROLLER://{LOOPBACK}:{self.site.controller_port}"
        clients = {"PLAINTEXT": (site.port, site.port)}
        if site.relayed_port:
            clients["RELAYED"] = (site.relayed_port, site.relay_port)
        listeners = [f"{name}://{LOOPBACK}:{own}" for name, (own, _) in clients.items()]
        advertised = [f"{name}://{LOOPBACK}:{port}" for name, (_, port) in clients.items()]
        alone = site.roles == "controller"
        # A separate controller has its own id.
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
