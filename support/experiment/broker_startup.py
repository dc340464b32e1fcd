"""The start-up time of a broker: an isolated one, so that the stack's broker is left alone.

Where the target has no isolated brokers, the stack's broker is started with its data, if it may be
stopped. The time runs from the start of the first process to the first acknowledged record. On an
empty disk it includes the formatting, as it does in a fresh container.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress

from support import clock
from support.clients.broker import BrokerClient
from support.clients.disk_guard import guarded
from support.errors import Inconclusive, StackError, Unavailable
from support.experiment.experiment import Experiment
from support.experiment.load_orders import load_order
from support.generate.publisher import run_load
from support.metrics.broker_log import lease_wait_s
from support.read.log_reader import read_whole_log
from support.record.archive import HISTORY
from support.record.attempts import Attempts, Outcome
from support.record.history import History
from support.record.schedule import UNPACED, Segment
from support.record.startups import ACKED, STARTUPS, StartupsRecord
from support.stack.capabilities import ProcessControl, needed
from support.stack.isolated import IsolatedBroker, IsolatedBrokers
from support.stack.lifecycle import BrokerControl

PATIENCE_S = 60
EXISTING_RECORDS = 10_000
LEAST_STARTS = 3
"""A scaled scenario still has enough starts to show a spread."""
TOPIC = "kafka-validation-existing"


class BrokerStartup:
    """Brings a broker into a state, then measures how long it takes to become ready."""

    def __init__(self, experiment: Experiment, overrides: Mapping[str, str]) -> None:
        self._experiment = experiment
        """Raises Unavailable where this target has no broker that may be started for this.

        `overrides`: settings of the broker over the baseline's, which need an isolated broker.
        """
        self._topic = TOPIC
        stack = experiment.stack
        self._isolated: IsolatedBroker | None = None
        self._broker: BrokerControl
        isolates = isinstance(stack, IsolatedBrokers)
        if isinstance(stack, ProcessControl) and not isolates and not overrides:
            self._broker = self._broker_of(stack)
        else:
            self._isolated = needed(stack, IsolatedBrokers).isolated_broker(overrides)
            self._broker = self._isolated
            experiment.cleanup.callback(self._isolated.close)
        self._existing: Attempts | None = None
        self._trouble = ""
        self._crash = self._ended_here = False
        self._log_size = 0
        self._starts: list[dict[str, float]] = []
        experiment.cleanup.callback(self._keep_log)

    def stopped_with_data(self, crash: bool) -> None:
        """Starts the broker, writes records and ends it, with `crash` by SIGKILL."""
        with self._experiment.progress.phase("writing existing data"):
            if self._isolated:
                self._isolated.format()
                self._broker.start()
                self._broker.await_ready(self._experiment.patience(PATIENCE_S))
            self._write_existing()
        self._crash = crash
        self._end()

    def start_and_measure(self, times: int = 1) -> None:
        """Starts the broker `times` (scaled) times from the same state, and records the times.

        A broker that does not become ready is a result too; it is not started again then.
        """
        if self._existing is None and self._isolated is None:
            raise Unavailable("The broker of this target can't be started without its data.")
        starts = self._experiment.scaled(times, LEAST_STARTS)
        for number in range(starts):
            if number:
                self._end()
            with self._experiment.progress.phase(f"starting the broker, {number + 1} of {starts}"):
                try:
                    self._starts.append(self._start_once())
                except StackError as error:
                    self._trouble = str(error)
                    break
        wait = lease_wait_s(self._log_of_this_start()) if self._crash else None
        seen = StartupsRecord(tuple(self._starts), self._waited(), self._trouble, wait)
        self._experiment.record.write(STARTUPS, seen)

    def read_data(self) -> None:
        """Reads the whole log, and records it with what was acknowledged before the stop.

        Raises Inconclusive when no data was written before.
        """
        if self._existing is None:
            raise Inconclusive("There was no existing data.")
        log = read_whole_log(
            self._broker.kafka,
            self._topic,
            self._experiment.payloads,
            self._experiment.folder / "log.journal",
            self._experiment.patience(30),
        )
        self._experiment.record.write(HISTORY, History(self._existing, log))

    def _start_once(self) -> dict[str, float]:
        """Returns the seconds to each milestone. Raises StackError if the broker is not ready."""
        began = clock.now_ns()
        fresh = self._isolated if self._existing is None else None
        if fresh:
            fresh.format()
        prepared = clock.now_ns()
        self._broker.start()
        self._ended_here = False
        first = self._broker.await_ready(self._experiment.patience(PATIENCE_S))
        moments = {
            **({fresh.prepared: prepared} if fresh else {}),
            "process started": self._broker.spawned_ns,
            ACKED: first.acked_ns,
            "first fetched": first.fetched_ns,
        }
        return {
            name: round((moment - began) / clock.NS_PER_S, 3) for name, moment in moments.items()
        }

    def _end(self) -> None:
        """Ends the broker in the state that the next start begins with.

        The data of a fresh broker is thrown away, so it need not end gracefully.
        """
        if self._isolated and self._existing is None:
            self._isolated.discard()
            return
        self._ended_here = True
        if self._crash:
            self._broker.kill()
        elif not self._broker.stop():
            raise Inconclusive("The broker did not end gracefully: it had to be killed.")
        self._log_size = self._broker.log.stat().st_size

    def _waited(self) -> float:
        return self._experiment.patience(PATIENCE_S).total_seconds()

    def _write_existing(self) -> None:
        if self._isolated:
            topic = self._experiment.stack.baseline.topic
            BrokerClient(self._broker.kafka).create_topic(TOPIC, guarded(topic))
        count = self._experiment.scaled(EXISTING_RECORDS, 1000)
        segments = (Segment(UNPACED, count),)
        order = load_order(self._experiment, self._broker.kafka, self._topic, segments)
        self._existing = run_load(order, self._experiment.patience(120)).attempts()
        acked = self._existing.count(Outcome.ACKED)
        if acked < count:
            raise Inconclusive(
                "The existing data could not be written.", seen=f"{acked} of {count} acknowledged"
            )

    def _broker_of(self, stack: ProcessControl) -> BrokerControl:
        """Returns the stack's broker, which runs again when the scenario ends."""
        self._topic = self._experiment.create_topic("existing")
        broker = stack.broker()

        def run_again() -> None:
            if self._ended_here and broker.alive():
                # The run was interrupted while the broker was ending: it would not serve again.
                broker.kill()
            if not broker.alive():
                broker.start()
                broker.await_ready(self._experiment.patience(PATIENCE_S))

        self._experiment.cleanup.callback(run_again)
        return broker

    def _keep_log(self) -> None:
        """Copies the log, which proves what the start waited for, before the folder is removed."""
        with suppress(StackError):
            if self._broker.log.is_file():
                self._experiment.folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(self._broker.log, self._experiment.folder / "broker.log")

    def _log_of_this_start(self) -> str:
        """Returns the broker's log since its last end. It is rolled at 20 MB, far above this."""
        with self._broker.log.open("rb") as log:
            log.seek(self._log_size)
            return log.read().decode(errors="replace")
