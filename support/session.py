"""A whole run: its lock, its stack, its trials and its results. close() ends all of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import psutil

from support import clock
from support.clients.connection import check_client_settings
from support.clients.readiness import prove_ready
from support.errors import StackError
from support.experiment.broker_objects import broker_lives
from support.experiment.carried_settings import check_carried_over
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.experiment.sampling import Sampling
from support.interruption import uninterrupted
from support.progress import Progress
from support.provenance import describe_command, describe_git, describe_host, describe_settings
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
from support.settings.environment import own_environment
from support.settings_in_force import settings_in_force
from support.stack.capabilities import LogSource, ResourceUsage
from support.stack.choose import choose_stack
from support.stack.leftovers import new_run_id
from support.stack.lifecycle import Component


class RunSession:
    """The stack, the settings and the results that all scenarios of a run share."""

    def __init__(self, settings: Settings, selection: tuple[str, ...] = ()) -> None:
        """`selection`: the options of behave that select scenarios."""
        self.settings, self._selection = settings, selection
        self.progress = Progress()
        self._started = clock.utc_now()
        self.run_id = new_run_id(self._started)
        self.store = ResultsStore(settings.reports / self.run_id)
        self.stack = choose_stack(settings, self.progress)
        self._lock = RunLock(settings.home)
        self._closed = False
        # Read only once, because the result so far is written after every scenario.
        self._git = describe_git(ROOT)
        self._scenarios: list[ScenarioResult] = []
        self._ready_s: float | None = None
        self._first_scenario_s: float | None = None
        self._stop_s: float | None = None
        self._memory: int | None = None
        self._in_force: Mapping[str, Mapping[str, str]] = {}
        self._sampling = Sampling(settings)

    def start(self) -> None:
        """Takes the clone's lock and starts the stack. Raises Explained; nothing is left then."""
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
            if not self.settings.read_only:
                self._in_force = settings_in_force(self.stack)
            self._sampling.take(self.stack, self.progress)
            self._write_so_far()
        except BaseException:
            self.close()
            self.store.remove_empty()
            raise

    def new_trial(self, identity: Identity) -> Experiment:
        """The trial of a scenario that is about to run."""
        self.progress.title(identity.name)
        if self._first_scenario_s is None:
            began = psutil.Process().create_time()
            self._first_scenario_s = round(datetime.now().timestamp() - began, 2)
        number = len(self._scenarios) + 1
        return Experiment(
            identity,
            self.settings,
            self.stack,
            self.progress,
            self.store.folder,
            number,
            self._sampling.seen,
        )

    def prove_ready(self) -> None:
        """Writes and fetches a record on every broker. Raises StackError or NotInTime."""
        if not broker_lives(self.stack):
            raise StackError(
                "The broker has ended.",
                seen="an earlier scenario or another process ended it",
                then="read its log in the run's folder, logs/broker.log",
            )
        kafka = self.stack.endpoints.kafka
        prove_ready(kafka, timedelta(seconds=30 * self.settings.patience))

    def record(self, result: ScenarioResult) -> None:
        """Adds a scenario's result to the run, and writes both."""
        self._scenarios.append(result)
        self.store.write_trial(result)
        parts = {which.value for which in Component}
        loaded = sum(u.memory_max_bytes for n, u in result.resources.items() if n in parts)
        self._memory = max(self._memory or 0, self._stack_memory(), loaded)
        self._write_so_far()

    @contextmanager
    def closed(
        self, trial: Experiment, undefined: Sequence[str], *, interrupted: bool
    ) -> Iterator[ScenarioResult]:
        """Closes a trial and records its result; yields the result.

        `undefined`: steps that nothing implements. An error in closing is raised on leaving.
        """
        error: BaseException | None = None
        try:
            trial.close(interrupted=interrupted)
        except BaseException as trouble:  # noqa: BLE001 - raised below
            error = trouble
            trial.trouble = trial.trouble or f"cleaning up failed: {type(error).__name__}: {error}"
        named = f"undefined steps: {list(undefined)}" if undefined else trial.trouble
        result = trial.result(named)
        self.record(result)
        yield result
        if error is not None:
            raise error

    def _write_so_far(self) -> None:
        """Writes the results so far, so that a killed run keeps them."""
        self.store.write_run(self.result("the run did not end"))

    def skip(self, identity: Identity, reason: str) -> None:
        """Records a scenario that is left out, with the reason."""
        self.progress.title(identity.name)
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
        self._write_so_far()

    def end_stack(self) -> None:
        """Copies the logs, then ends what this run started. May be called again."""
        self.progress.title("stack")
        try:
            self._copy_logs()
        except Exception as error:  # noqa: BLE001 - a missing log must not keep the stack up
            self.progress.say(f"the logs could not be copied: {error}")
        began = clock.now_ns()
        self.stack.stop()
        self._stop_s = self._stop_s or round((clock.now_ns() - began) / clock.NS_PER_S, 2)

    def _copy_logs(self) -> None:
        """Copies the logs of a stack that came up: otherwise the run's folder stays empty."""
        if isinstance(self.stack, LogSource) and self._in_force:
            for name, path in self.stack.logs().items():
                if path.is_file():
                    (self.store.folder / "logs").mkdir(exist_ok=True)
                    shutil.copy(path, self.store.folder / "logs" / f"{name}.log")

    def close(self) -> None:
        """Ends the stack and releases the clone's lock."""
        if self._closed:
            return
        self._closed = True
        with uninterrupted():
            try:
                self.end_stack()
            finally:
                self._lock.release()

    def result(self, trouble: str = "") -> RunResult:
        """The run so far. With `trouble` (interrupted, a hook failed) it is never a PASS.

        The verdict is INCONCLUSIVE as long as no scenario passed or failed.
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
                describe_command(own_environment()),
                self._selection,
            ),
            verdict=verdict_of_run([*ran, Verdict.INCONCLUSIVE] if trouble else ran),
            scenarios=tuple(self._scenarios),
            trouble=trouble,
        )

    def _stack_memory(self) -> int:
        """The memory of all parts together, in bytes; 0 if it is not known."""
        if not isinstance(self.stack, ResourceUsage):
            return 0
        try:
            return sum(usage.memory_bytes for usage in self.stack.usage().values())
        except Exception as error:  # noqa: BLE001 - additional information, not a result
            self.progress.say(f"the memory of all parts could not be read: {error}")
            return 0


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
