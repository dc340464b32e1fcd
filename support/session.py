"""A whole run: lock, stack, trials, results. Everything here is undone by close()."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta

import psutil

from support import clock
from support.clients.broker import BrokerClient, ConfigValue
from support.clients.connect import ConnectClient
from support.clients.connection import check_client_settings
from support.clients.readiness import prove_ready
from support.errors import Explained, StackError
from support.experiment.experiment import Identity, Trial, broker_lives
from support.experiment.own_schema import check_carried_over
from support.interruption import uninterrupted
from support.progress import Progress
from support.provenance import describe_git, describe_host, describe_settings, without_secrets
from support.results.schema import (
    SCHEMA_VERSION,
    Provenance,
    RunResult,
    ScenarioResult,
    Verdict,
    verdict_of_run,
)
from support.results.store import ResultsStore
from support.runlock import RunLock
from support.settings import ROOT, Settings
from support.stack.capabilities import LogSource, ResourceUsage
from support.stack.capture import CONNECTOR
from support.stack.choose import choose_stack
from support.stack.leftovers import new_run_id
from support.stack.lifecycle import Component


class RunSession:
    """Holds what all scenarios of a run share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.progress = Progress()
        self._started = clock.utc_now()
        self.run_id = new_run_id(self._started)
        self.store = ResultsStore(settings.reports / self.run_id)
        self.stack = choose_stack(settings, self.progress)
        self._lock = RunLock(settings.home)
        self._closed = False
        # Once: the result so far is written after every scenario.
        self._git = describe_git(ROOT)
        self._scenarios: list[ScenarioResult] = []
        self._ready_s: float | None = None
        self._first_scenario_s: float | None = None
        self._stop_s: float | None = None
        self._memory: int | None = None
        self._in_force: Mapping[str, Mapping[str, str]] = {}

    def start(self) -> None:
        """Take the clone's lock and bring the stack up. Raises Explained; nothing is left then."""
        check_client_settings(self.stack.baseline.producer, self.stack.baseline.consumer)
        check_carried_over(self.stack.baseline.connector)
        self._lock.take()
        self.progress.title("stack")
        began = clock.now_ns()
        try:
            self.store.make()
            self.stack.start()
            self._ready_s = round((clock.now_ns() - began) / clock.NS_PER_S, 2)
            self.progress.say(f"ready after {self._ready_s:.1f} s")
            self._in_force = self._read_back()
            self._write_so_far()
        except BaseException:
            self.close()
            self.store.remove_empty()
            raise

    def new_trial(self, identity: Identity) -> Trial:
        """The state of a scenario that is about to run."""
        self.progress.title(identity.name)
        if self._first_scenario_s is None:
            began = psutil.Process().create_time()
            self._first_scenario_s = round(datetime.now().timestamp() - began, 2)
        number = len(self._scenarios) + 1
        return Trial(identity, self.settings, self.stack, self.progress, self.store.folder, number)

    def prove_ready(self) -> None:
        """A record written and fetched. Raises StackError or NotInTime otherwise."""
        if not broker_lives(self.stack):
            raise StackError(
                "The broker has ended.",
                seen="an earlier scenario or another process ended it",
                then="read its log in the run's folder, logs/broker.log",
            )
        bootstrap = self.stack.endpoints.bootstrap
        prove_ready(bootstrap, timedelta(seconds=30 * self.settings.patience))

    def record(self, result: ScenarioResult) -> None:
        """Keep and write down a scenario's outcome."""
        self._scenarios.append(result)
        self.store.write_trial(result)
        parts = {which.value for which in Component}
        loaded = sum(u.memory_max_bytes for n, u in result.resources.items() if n in parts)
        self._memory = max(self._memory or 0, self._stack_memory(), loaded)
        self._write_so_far()

    def _write_so_far(self) -> None:
        """So that a run that is killed can be read, too."""
        self.store.write_run(self.result("the run did not end"))

    def skip(self, identity: Identity, reason: str) -> None:
        """Write down a scenario that is left out, and why."""
        result = ScenarioResult(
            identity.feature,
            identity.name,
            identity.tags,
            Verdict.SKIPPED,
            reason,
            0.0,
            identity.location,
        )
        self._scenarios.append(result)
        self.store.write_trial(result)

    def end_stack(self) -> None:
        """End what this run started, after keeping its logs; may be called again."""
        self.progress.title("stack")
        try:
            self._keep_logs()
        except Exception as error:  # noqa: BLE001 - a log that can't be had must not keep it up
            self.progress.say(f"the logs could not be kept: {error}")
        began = clock.now_ns()
        self.stack.stop()
        self._stop_s = self._stop_s or round((clock.now_ns() - began) / clock.NS_PER_S, 2)

    def _keep_logs(self) -> None:
        """Of a stack that came up: the folder of a run that came to nothing stays empty."""
        if isinstance(self.stack, LogSource) and self._in_force:
            for name, path in self.stack.logs().items():
                if path.is_file():
                    (self.store.folder / "logs").mkdir(exist_ok=True)
                    shutil.copy(path, self.store.folder / "logs" / f"{name}.log")

    def close(self) -> None:
        """End the stack and give the clone's lock back; the last act of a run."""
        if self._closed:
            return
        self._closed = True
        with uninterrupted():
            try:
                self.end_stack()
            finally:
                self._lock.release()

    def result(self, trouble: str = "") -> RunResult:
        """The run so far; with `trouble` (cut off, a failing hook) it can't be a PASS.

        Its verdict is INCONCLUSIVE while no scenario passed or failed.
        """
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
                self._git,
                self.stack.versions,
                describe_host(),
                describe_settings(self.settings),
                self._in_force,
                self._ready_s,
                self._first_scenario_s,
                self._stop_s,
                self._memory,
            ),
            verdict=verdict_of_run([*ran, Verdict.INCONCLUSIVE] if trouble else ran),
            scenarios=tuple(self._scenarios),
            trouble=trouble,
        )

    def _read_back(self) -> Mapping[str, Mapping[str, str]]:
        """What is in force, from those who apply it; the clients' settings as they are used."""
        client = BrokerClient(self.stack.endpoints.bootstrap)
        baseline = self.stack.baseline
        try:
            connector = ConnectClient(self.stack.endpoints.connect_url).config(CONNECTOR)
        except Explained as error:
            connector = {"not available": error.what}
        return {
            "broker": _telling(client.broker_config(), baseline.broker),
            "topic": self._topic_in_force(client),
            "connector": without_secrets(connector),
            "worker": {} if self.stack.shared else baseline.worker,
            "producer": without_secrets(baseline.producer),
            "consumer": without_secrets(baseline.consumer),
        }

    def _topic_in_force(self, client: BrokerClient) -> dict[str, str]:
        """Of a CDC topic; nothing where there is none."""
        topic = self.stack.baseline.cdc_topics[0]
        if topic not in client.topics():
            return {}
        return _telling(client.topic_config(topic), self.stack.baseline.topic)

    def _stack_memory(self) -> int:
        """Bytes of all parts together."""
        if not isinstance(self.stack, ResourceUsage):
            return 0
        try:
            return sum(usage.memory_bytes for usage in self.stack.usage().values())
        except Exception as error:  # noqa: BLE001 - a figure beside the results, not one of them
            self.progress.say(f"the memory of all parts could not be read: {error}")
            return 0


def _telling(in_force: Mapping[str, ConfigValue], baseline: Mapping[str, str]) -> dict[str, str]:
    """Entries that are not at Kafka's default, or that the baseline names; sorted."""
    return {
        name: entry.value
        for name, entry in sorted(in_force.items())
        if entry.value is not None and (not entry.is_default or name in baseline)
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
