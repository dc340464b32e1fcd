"""A whole run: lock, stack, trials, results. Everything here is undone by close()."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta

import psutil

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.errors import Explained, StackError
from support.progress import Progress
from support.provenance import describe_git, describe_host, describe_settings
from support.results.schema import (
    SCHEMA_VERSION,
    Provenance,
    RunResult,
    ScenarioResult,
    Verdict,
    worst,
)
from support.results.store import ResultsStore
from support.runlock import RunLock
from support.settings import ROOT, Settings
from support.stack.choose import choose_stack
from support.stack.ports import ResourceUsage
from support.trials.trial import Identity, Trial

CDC_TOPICS = frozenset(f"dbserver.public.{table}" for table in ("videos", "users", "comments"))


class Rig:
    """Holds what all scenarios of a run share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.progress = Progress()
        self._started = clock.utc_now()
        self.run_id = f"{self._started:%Y%m%d-%H%M%S}-{os.getpid()}"
        self.store = ResultsStore(settings.reports / self.run_id)
        self.stack = choose_stack(settings, self.progress)
        self._lock = RunLock(settings.home)
        self._scenarios: list[ScenarioResult] = []
        self._ready_s: float | None = None
        self._memory: int | None = None
        self._in_force: Mapping[str, Mapping[str, str]] = {}

    def start(self) -> None:
        """Take the clone's lock and bring the stack up. Raises Explained; nothing is left then."""
        self._lock.take()
        self.progress.title("stack")
        began = clock.now_ns()
        try:
            self.stack.start()
            self._ready_s = round((clock.now_ns() - began) / clock.NS_PER_S, 2)
            self.progress.say(f"ready after {self._ready_s:.1f} s")
            self._in_force = self._read_back()
            self.store.folder.mkdir(parents=True)
        except BaseException:
            self.close()
            raise

    def new_trial(self, identity: Identity) -> Trial:
        """The state of a scenario that is about to run."""
        self.progress.title(identity.name)
        number = len(self._scenarios) + 1
        return Trial(identity, self.settings, self.stack, self.progress, self.store.folder, number)

    def prove_ready(self) -> None:
        """A record written and fetched, and the CDC topics there. Raises StackError otherwise."""
        broker = self.stack.broker()
        broker.await_ready(timedelta(seconds=30 * self.settings.patience))
        missing = CDC_TOPICS - BrokerClient(broker.bootstrap).topics()
        if missing:
            raise StackError("CDC topics are missing.", seen=f"no {', '.join(sorted(missing))}")

    def record(self, result: ScenarioResult) -> None:
        """Keep and write down a scenario's outcome."""
        self._scenarios.append(result)
        self.store.write_trial(result)
        self._memory = max(self._memory or 0, self._stack_memory())

    def close(self) -> None:
        """End what this run started and give the lock back; may be called again."""
        self.progress.title("stack")
        try:
            self.stack.stop()
        finally:
            self._lock.release()

    def result(self) -> RunResult:
        """The run so far. Its verdict is INCONCLUSIVE while no scenario passed or failed."""
        ran = [s.verdict for s in self._scenarios if s.verdict is not Verdict.SKIPPED]
        return RunResult(
            schema_version=SCHEMA_VERSION,
            run_id=self.run_id,
            target=self.settings.target,
            scale=self.settings.scale,
            started=_iso(self._started),
            ended=_iso(clock.utc_now()),
            seed=self.settings.seed,
            provenance=Provenance(
                describe_git(ROOT),
                self.stack.versions,
                describe_host(),
                describe_settings(self.settings),
                self._in_force,
                self._ready_s,
                self._memory,
            ),
            verdict=worst(ran),
            scenarios=tuple(self._scenarios),
        )

    def _read_back(self) -> Mapping[str, Mapping[str, str]]:
        """What is in force, from those who apply it; the clients' settings as they are used."""
        client = BrokerClient(self.stack.endpoints.bootstrap)
        baseline = self.stack.baseline
        broker = {
            name: entry.value
            for name, entry in client.broker_config().items()
            if entry.value is not None and (not entry.is_default or name in baseline.broker)
        }
        topic = {
            name: entry.value
            for name, entry in client.topic_config(min(CDC_TOPICS)).items()
            if entry.value is not None and (not entry.is_default or name in baseline.topic)
        }
        try:
            connector = ConnectClient(self.stack.endpoints.connect_url).config("kafka-validation")
        except Explained as error:
            connector = {"not available": error.what}
        return {
            "broker": dict(sorted(broker.items())),
            "topic": dict(sorted(topic.items())),
            "connector": {k: v for k, v in connector.items() if "password" not in k},
            "producer": baseline.producer,
            "consumer": baseline.consumer,
        }

    def _stack_memory(self) -> int:
        """RSS in bytes of the stack's processes and their children."""
        if not isinstance(self.stack, ResourceUsage):
            return 0
        total = 0
        for pid in self.stack.pids().values():
            try:
                root = psutil.Process(pid)
                total += sum(p.memory_info().rss for p in [root, *root.children(recursive=True)])
            except psutil.NoSuchProcess:
                continue
        return total


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
