"""Start-up of a broker of its own, so that the stack's broker is left alone; where there is none,
of the stack's broker with its data, if that may be stopped.

Time runs from the start of the first process (formatting the empty disk included, as a fresh
container does) to the first acknowledged record.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from support import clock
from support.checks.corrupt import corrupt
from support.checks.lost import lost
from support.checks.startup import (
    never_ready,
    startup_after_crash,
    startup_spread,
    startup_time,
)
from support.clients.broker import BrokerClient
from support.clients.disk_guard import guarded
from support.errors import Inconclusive, StackError, Unavailable
from support.experiment.experiment import Trial
from support.generate.publisher import run_load
from support.generate.schedule import UNPACED, Segment
from support.metrics.broker_log import lease_wait_s
from support.read.log_reader import read_whole_log
from support.record.attempts import Attempts, Outcome
from support.record.history import History
from support.stack.capabilities import ProcessControl
from support.stack.isolated import IsolatedBroker, IsolatedBrokers
from support.stack.lifecycle import BrokerControl

PATIENCE_S = 60
EXISTING_RECORDS = 10_000
LEAST_STARTS = 3
"""A scaled scenario still starts often enough to show a spread."""
ACKED = "first acknowledged"
TOPIC = "kafka-validation-existing"


class StartupTrial:
    """Brings a spare broker into a state, then measures how long it takes to be ready."""

    def __init__(self, trial: Trial, overrides: Mapping[str, str]) -> None:
        self._trial = trial
        self._topic = TOPIC
        stack = trial.stack
        self._spare: IsolatedBroker | None = None
        self._broker: BrokerControl
        if isinstance(stack, IsolatedBrokers):
            self._broker = self._spare = stack.isolated_broker(overrides)
            trial.cleanup.callback(self._spare.close)
        elif isinstance(stack, ProcessControl) and not overrides:
            self._broker = self._own(stack)
        else:
            raise Unavailable("This target can't provide a broker apart from the stack's own.")
        self._existing: Attempts | None = None
        self._trouble = ""
        self._crash = self._told_to_end = False
        self._log_size = 0
        self._starts: list[dict[str, float]] = []
        trial.cleanup.callback(self._keep_log)

    def stopped_with_data(self, crash: bool) -> None:
        """Start, write records, end; with `crash` by SIGKILL."""
        with self._trial.progress.phase("writing existing data"):
            if self._spare:
                self._spare.format()
                self._broker.start()
                self._broker.await_ready(self._trial.patience(PATIENCE_S))
            self._write_existing()
        self._crash = crash
        self._end()

    def start_and_measure(self, times: int = 1) -> None:
        """Start it to its first record, `times` (scaled) times from the same state.

        A broker that does not get there is a result too, and the last one.
        """
        if self._existing is None and self._spare is None:
            raise Unavailable("The broker of this target can't be started without its data.")
        starts = self._trial.scaled(times, LEAST_STARTS)
        for number in range(starts):
            if number:
                self._end()
            with self._trial.progress.phase(f"starting the broker, {number + 1} of {starts}"):
                try:
                    self._starts.append(self._start_once())
                except StackError as error:
                    self._trouble = str(error)
                    break
        self._trial.facts["startups"] = tuple(self._starts)

    def judge_startup(self, limit: timedelta) -> None:
        """The slowest start below the limit, whatever the reason."""
        seconds = limit.total_seconds()
        self._trial.judge(
            never_ready("start-up time", seconds, self._waited(), self._trouble)
            if self._trouble
            else startup_time(self._slowest(), seconds, self._evidence())
        )

    def judge_spread(self) -> None:
        """How far apart the starts are."""
        self._trial.judge(startup_spread([start[ACKED] for start in self._starts], self._trouble))

    def judge_startup_after_crash(self, limit: timedelta) -> None:
        """Below the limit, or above it for the reason that the log proves."""
        seconds = limit.total_seconds()
        wait = lease_wait_s(self._log_of_this_start())
        self._trial.judge(
            never_ready("start-up time after a crash", seconds, self._waited(), self._trouble)
            if self._trouble
            else startup_after_crash(self._slowest(), wait, seconds, self._evidence())
        )

    def judge_data(self) -> None:
        """Every record acknowledged before the stop is in the log, whole, read from the start."""
        if self._existing is None:
            raise Inconclusive("There was no existing data.")
        log = read_whole_log(
            self._broker.bootstrap,
            self._topic,
            self._trial.payloads,
            self._trial.folder / "log.journal",
            self._trial.patience(30),
        )
        history = History(self._existing, log)
        self._trial.judge(lost(history), corrupt(history))

    def _start_once(self) -> dict[str, float]:
        """Seconds to each milestone. Raises StackError when it does not become ready."""
        began = clock.now_ns()
        if self._existing is None and self._spare:
            self._spare.format()
        prepared = clock.now_ns()
        self._broker.start()
        self._told_to_end = False
        first = self._broker.await_ready(self._trial.patience(PATIENCE_S))
        moments = {
            **({self._spare.prepared: prepared} if self._spare and not self._existing else {}),
            "process started": self._broker.spawned_ns,
            ACKED: first.acked_ns,
            "first fetched": first.fetched_ns,
        }
        return {
            name: round((moment - began) / clock.NS_PER_S, 3) for name, moment in moments.items()
        }

    def _end(self) -> None:
        """As the next start wants to find it; a fresh one's data is thrown away, so no grace."""
        if self._spare and self._existing is None:
            self._spare.discard()
            return
        self._told_to_end = True
        if self._crash:
            self._broker.kill()
        elif not self._broker.stop():
            raise Inconclusive("The broker did not end gracefully: it had to be killed.")
        self._log_size = self._broker.log.stat().st_size

    def _slowest(self) -> float:
        if not self._starts:
            raise Inconclusive("The broker was not started: its start-up time can't be judged.")
        return max(start[ACKED] for start in self._starts)

    def _evidence(self) -> tuple[str, ...]:
        middle = [
            f"{name} after {statistics.median(start[name] for start in self._starts):.2f} s"
            for name in self._starts[0]
        ]
        return (f"{len(self._starts)} starts, medians:", *middle)

    def _waited(self) -> float:
        return self._trial.patience(PATIENCE_S).total_seconds()

    def _write_existing(self) -> None:
        if self._spare:
            topic = self._trial.stack.baseline.topic
            BrokerClient(self._broker.bootstrap).create_topic(TOPIC, guarded(topic))
        count = self._trial.scaled(EXISTING_RECORDS, 1000)
        segments = (Segment(UNPACED, count),)
        order = self._trial.load_order(self._broker.bootstrap, self._topic, segments, None)
        self._existing = run_load(order, self._trial.patience(120)).attempts()
        acked = self._existing.count(Outcome.ACKED)
        if acked < count:
            raise Inconclusive(
                "The existing data could not be written.", seen=f"{acked} of {count} acknowledged"
            )

    def _own(self, stack: ProcessControl) -> BrokerControl:
        """The stack's own, which runs again when the trial ends."""
        self._topic = self._trial.create_topic("existing")
        broker = stack.broker()

        def run_again() -> None:
            if self._told_to_end and broker.alive():
                # The run was cut off while it ended: it can't stay like that.
                broker.kill()
            if not broker.alive():
                broker.start()
                broker.await_ready(self._trial.patience(PATIENCE_S))

        self._trial.cleanup.callback(run_again)
        return broker

    def _keep_log(self) -> None:
        """The log outlives the broker's folder: it proves what the start waited for."""
        with suppress(StackError):
            if self._broker.log.is_file():
                self._trial.folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(self._broker.log, self._trial.folder / "broker.log")

    def _log_of_this_start(self) -> str:
        """The broker's log since it was last ended (it is rolled at 20 MB, far above this)."""
        with self._broker.log.open("rb") as log:
            log.seek(self._log_size)
            return log.read().decode(errors="replace")
