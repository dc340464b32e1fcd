"""Start-up of a broker of its own, so that the stack's broker is left alone.

Time runs from the start of the first process (formatting the empty disk included, as a fresh
container does) to the first acknowledged record.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta

from support import clock
from support.checks.corrupt import corrupt
from support.checks.lost import lost
from support.checks.startup import never_ready, startup_after_crash, startup_time
from support.clients.broker import BrokerClient
from support.errors import Inconclusive, StackError
from support.ledger.attempts import Attempts, Outcome
from support.ledger.history import History
from support.load.log_reader import read_whole_log
from support.load.profile import Segment
from support.load.publisher import run_load
from support.metrics.broker_log import lease_wait_s
from support.stack.ports import SpareBroker, SpareBrokers
from support.trials.trial import Trial

PATIENCE_S = 60
EXISTING_RECORDS, WRITE_RATE = 10_000, 2_500
TOPIC = "kafka-validation-existing"


class StartupTrial:
    """Brings a spare broker into a state, then measures how long it takes to be ready."""

    def __init__(self, trial: Trial, overrides: Mapping[str, str]) -> None:
        stack = trial.stack
        if not isinstance(stack, SpareBrokers):
            raise Inconclusive("This target can't provide a broker apart from the stack's own.")
        self._trial = trial
        self._broker: SpareBroker = stack.spare_broker(overrides)
        self._existing: Attempts | None = None
        self._trouble = ""
        self._log_size = 0
        self._seconds = 0.0
        self._evidence: tuple[str, ...] = ()
        trial.cleanup.callback(self._broker.close)
        trial.cleanup.callback(self._keep_log)

    def stopped_with_data(self, crash: bool) -> None:
        """Start, write records, end; with `crash` by SIGKILL."""
        with self._trial.progress.phase("writing existing data"):
            self._broker.format()
            self._broker.start()
            self._broker.await_ready(self._trial.patience(PATIENCE_S))
            self._write_existing()
        if crash:
            self._broker.kill()
        elif not self._broker.stop():
            raise Inconclusive("The broker did not end gracefully: it had to be killed.")
        self._log_size = self._broker.log.stat().st_size

    def start_and_measure(self) -> None:
        """Start it to its first record. A broker that does not get there is a result too."""
        began = clock.now_ns()
        with self._trial.progress.phase("starting the broker"):
            if self._existing is None:
                self._broker.format()
            formatted = clock.now_ns()
            self._broker.start()
            try:
                first = self._broker.await_ready(self._trial.patience(PATIENCE_S))
            except StackError as error:
                self._trouble = str(error)
                return
        since = {
            "formatted": (formatted - began) / clock.NS_PER_S,
            "process started": (self._broker.spawned_ns - began) / clock.NS_PER_S,
            "first acknowledged": (first.acked_ns - began) / clock.NS_PER_S,
            "first fetched": (first.fetched_ns - began) / clock.NS_PER_S,
        }
        self._trial.facts["startup"] = {name: round(s, 3) for name, s in since.items()}
        self._evidence = tuple(f"{name} after {s:.2f} s" for name, s in since.items())
        self._seconds = since["first acknowledged"]

    def judge_startup(self, limit: timedelta) -> None:
        """Below the limit, whatever the reason."""
        seconds = limit.total_seconds()
        self._trial.judge(
            never_ready("start-up time", seconds, self._waited(), self._trouble)
            if self._trouble
            else startup_time(self._seconds, seconds, self._evidence)
        )

    def judge_startup_after_crash(self, limit: timedelta) -> None:
        """Below the limit, or above it for the reason that the log proves."""
        seconds = limit.total_seconds()
        wait = lease_wait_s(self._log_of_this_start())
        self._trial.judge(
            never_ready("start-up time after a crash", seconds, self._waited(), self._trouble)
            if self._trouble
            else startup_after_crash(self._seconds, wait, seconds, self._evidence)
        )

    def judge_data(self) -> None:
        """Every record acknowledged before the stop is in the log, whole, read from the start."""
        if self._existing is None:
            raise Inconclusive("There was no existing data.")
        log = read_whole_log(
            self._broker.bootstrap,
            TOPIC,
            self._trial.stack.baseline.consumer,
            self._trial.folder / "log.journal",
            self._trial.patience(30),
        )
        history = History(self._existing, log)
        self._trial.judge(lost(history), corrupt(history))

    def _waited(self) -> float:
        return self._trial.patience(PATIENCE_S).total_seconds()

    def _write_existing(self) -> None:
        client = BrokerClient(self._broker.bootstrap)
        client.create_topic(TOPIC, self._trial.stack.baseline.topic)
        count = self._trial.scaled(EXISTING_RECORDS, 1000)
        segments = (Segment(WRITE_RATE, count),)
        order = self._trial.load_order(self._broker.bootstrap, TOPIC, segments, None)
        self._existing = run_load(order, self._trial.patience(120)).attempts()
        acked = self._existing.count(Outcome.ACKED)
        if acked < count:
            raise Inconclusive(
                "The existing data could not be written.", seen=f"{acked} of {count} acknowledged"
            )

    def _keep_log(self) -> None:
        """The log outlives the broker's folder: it proves what the start waited for."""
        if self._broker.log.is_file():
            self._trial.folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._broker.log, self._trial.folder / "broker.log")

    def _log_of_this_start(self) -> str:
        """The broker's log since it was last ended (it is rolled at 20 MB, far above this)."""
        with self._broker.log.open("rb") as log:
            log.seek(self._log_size)
            return log.read().decode(errors="replace")
