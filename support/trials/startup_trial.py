"""Start-up of a broker of its own, so that the stack's broker is left alone.

Time runs from the start of the first process (formatting the empty disk included, as a fresh
container does) to the first acknowledged record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from support import clock
from support.checks.judged import passed_if
from support.checks.startup import startup_after_crash, startup_time
from support.clients.broker import BrokerClient
from support.errors import Inconclusive, StackError
from support.ledger.attempts import Outcome
from support.load.publisher import RunningLoad
from support.metrics.broker_log import lease_wait_s
from support.stack.ports import SpareBroker, SpareBrokers
from support.trials.trial import Trial
from support.waiting import wait_until

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
        self._existing = 0
        self._log_size = 0
        self._seconds = 0.0
        self._evidence: tuple[str, ...] = ()
        trial.cleanup.callback(self._broker.close)

    def stopped_with_data(self, crash: bool) -> None:
        """Start, write records, end; with `crash` by SIGKILL."""
        with self._trial.progress.phase("writing existing data"):
            self._broker.format()
            self._broker.start()
            self._broker.await_ready(self._trial.patience(60))
            self._write_existing()
        (self._broker.kill if crash else self._broker.stop)()
        if self._broker.alive():
            raise Inconclusive("The broker was told to end, and is still alive.")
        self._log_size = self._broker.log.stat().st_size

    def start_and_measure(self) -> None:
        """Start it to its first record; with data, judge that the data is still there."""
        began = clock.now_ns()
        with self._trial.progress.phase("starting the broker"):
            if not self._existing:
                self._broker.format()
            formatted = clock.now_ns()
            self._broker.start()
            first = self._broker.await_ready(self._trial.patience(60))
        since = {
            "formatted": (formatted - began) / clock.NS_PER_S,
            "process started": (self._broker.spawned_ns - began) / clock.NS_PER_S,
            "first acknowledged": (first.acked_ns - began) / clock.NS_PER_S,
            "first fetched": (first.fetched_ns - began) / clock.NS_PER_S,
        }
        self._trial.facts["startup"] = {name: round(s, 3) for name, s in since.items()}
        self._evidence = tuple(f"{name} after {s:.2f} s" for name, s in since.items())
        self._seconds = since["first acknowledged"]
        if self._existing:
            self._judge_data()

    def judge_startup(self, limit: timedelta) -> None:
        """Below the limit, whatever the reason."""
        self._trial.judge(startup_time(self._seconds, limit.total_seconds(), self._evidence))

    def judge_startup_after_crash(self, limit: timedelta) -> None:
        """Below the limit, or above it for the reason that the log proves."""
        wait = lease_wait_s(self._log_of_this_start())
        self._trial.judge(
            startup_after_crash(self._seconds, wait, limit.total_seconds(), self._evidence)
        )

    def _write_existing(self) -> None:
        client = BrokerClient(self._broker.bootstrap)
        client.create_topic(TOPIC, self._trial.stack.baseline.topic)
        count = self._trial.scaled(EXISTING_RECORDS, 1000)
        order = self._trial.load_order(self._broker.bootstrap, TOPIC, WRITE_RATE, count, None)
        load = RunningLoad(order)
        self._trial.cleanup.callback(load.close)
        wait_until(load.finished, bool, self._trial.patience(120), "the existing data")
        self._existing = load.attempts().count(Outcome.ACKED)
        if self._existing < count:
            raise StackError(
                "The existing data could not be written.",
                seen=f"{self._existing} of {count} acknowledged",
            )

    def _judge_data(self) -> None:
        there = sum(BrokerClient(self._broker.bootstrap).end_offsets(TOPIC).values())
        self._trial.judge(
            passed_if(
                there >= self._existing,
                "existing data",
                there,
                "records",
                f"all {self._existing} acknowledged before the stop are still in the log",
            )
        )

    def _log_of_this_start(self) -> str:
        """The broker's log since it was last ended (it is rolled at 20 MB, far above this)."""
        with self._broker.log.open("rb") as log:
            log.seek(self._log_size)
            return log.read().decode(errors="replace")
