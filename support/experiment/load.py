"""A load on one topic, and the consumers that read it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support.checks.judged import SHOWN
from support.checks.lost import lost_outside_damage
from support.errors import Inconclusive
from support.experiment.broker_watch import BrokerWatch
from support.experiment.experiment import Experiment
from support.experiment.load_orders import load_order
from support.experiment.readers import Readers
from support.generate.publisher import RunningLoad
from support.generate.stats import read_stats
from support.promises.delivery import applying
from support.read.log_reader import read_whole_log
from support.read.second_look import look_again
from support.record.archive import HISTORY
from support.record.attempts import COLUMNS, Attempts
from support.record.client_stats import CLIENT_STATS
from support.record.history import History
from support.record.load import LOAD, LoadOrder, LoadRecord, WarmUp
from support.record.notes import CLIENT_ERRORS, SECOND_LOOK
from support.record.schedule import Segment
from support.record.sessions import GroupRead
from support.stack.network import NetworkLink
from support.waiting import wait_until

JOURNAL = "log.journal"
IDLE_S = 50
"""Seconds without a new record after which a consumer is not expected to receive more.

Longer than the session of a crashed member (45 s). A small `patience` does not shorten it: records
still to come would count as undelivered."""


class Load:
    """Runs a load and records it: every attempt, the whole log, and what consumers received.

    `kafka` is the address its clients connect to, `link` the network they use if it can be cut.
    `session` is the consumers' session timeout; None for the baseline's setting.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.topic = experiment.create_topic("load")
        self.kafka = experiment.stack.endpoints.kafka
        self.link: NetworkLink | None = None
        self.session: timedelta | None = None
        self.readers = Readers(experiment, self.topic)
        self.broker_watch = BrokerWatch(experiment)
        self._running: RunningLoad | None = None

    @property
    def running(self) -> RunningLoad:
        """The load's process. Raises Inconclusive before the load is started."""
        if self._running is None:
            raise Inconclusive("There was no load.")
        return self._running

    def observe(self) -> None:
        """Starts a consumer that reads while the load is sent."""
        reader = self.readers.add("reader", "reader", self.kafka)
        reader.start()
        reader.await_ready(self.experiment.patience(60))

    def start(
        self,
        segments: tuple[Segment, ...],
        warm_up: WarmUp | None = None,
        folder: str = "load",
        first: int = 0,
    ) -> None:
        """Starts the load and waits until it sends."""
        experiment = self.experiment
        order = load_order(experiment, self.kafka, self.topic, segments, warm_up, folder, first)
        self._running = load = RunningLoad(order)
        experiment.cleanup.callback(load.close)
        self.follow("warm-up" if warm_up else "connecting", load.started, 150)

    def follow(self, phase: str, done: Callable[[], bool], seconds: float) -> None:
        """Waits until `done` returns True, for `seconds` times `patience`.

        Raises PromiseBroken as soon as the broker ends, NotInTime when the time is over.
        """
        experiment, load, watch = self.experiment, self.running, self.broker_watch

        def look() -> bool:
            experiment.progress.update(f"{phase}: {load.how_far()}")
            watch.look(load.how_far())
            return done()

        with experiment.progress.phase(phase):
            wait_until(look, bool, experiment.patience(seconds), f"the load's phase {phase}")

    def settle(
        self,
        attempts: Attempts | None = None,
        disturbances: tuple[tuple[int, int], ...] = (),
        *,
        began_ns: int | None = None,
        states_speed: bool = True,
        shows_series: bool = True,
        shows_trend: bool = False,
    ) -> History:
        """Ends the load, reads everything back, records it, and judges what applies to any load.

        `attempts`: those of several loads, if it is not this one alone. `disturbances`: (start,
        end) of each planned fault, in ns. The rest: see LoadRecord. Returns the recorded history.
        """
        experiment, load, record = self.experiment, self.running, self.experiment.record
        with experiment.progress.phase("settling: reading the whole log back"):
            history = self._read_back(attempts, disturbances)
        news, how_far = load.news, load.how_far()
        record.write(HISTORY, history)
        self._remove_copies()
        began, order = began_ns or news.start_ns, portable(load.order)
        seen = LoadRecord(order, news, began, states_speed, shows_series, shows_trend)
        record.write(LOAD, seen)
        self._record_clients()
        self._look_for_lost()
        experiment.verdicts.judge(*applying(record[HISTORY]))
        self.broker_watch.look(how_far)
        return record[HISTORY]

    def _record_clients(self) -> None:
        """Records what the clients reported: the producer's statistics, and all their errors."""
        load, record = self.running, self.experiment.record
        folder, start_ns = Path(load.order.folder), load.news.start_ns
        record.write(CLIENT_STATS, tuple(read_stats(folder, start_ns)))
        record.write(CLIENT_ERRORS, self._client_errors())

    def _read_back(
        self, attempts: Attempts | None, disturbances: tuple[tuple[int, int], ...]
    ) -> History:
        experiment, load = self.experiment, self.running
        load.close()
        # At the stack's own address, because the link may still be cut.
        kafka = experiment.stack.endpoints.kafka
        groups: tuple[GroupRead, ...] = ()
        if self.readers:
            ends = experiment.broker.end_offsets(self.topic)
            groups = self.readers.finish(ends, experiment.patience_at_least(IDLE_S))
        log = read_whole_log(
            kafka,
            self.topic,
            experiment.payloads,
            experiment.folder / JOURNAL,
            experiment.patience(30),
        )
        return History(attempts or load.attempts(), log, groups, disturbances)

    def _remove_copies(self) -> None:
        """Removes the files whose content the history now has; those of a replay are large."""
        folder = self.experiment.record.folder
        (folder / JOURNAL).unlink(missing_ok=True)
        for name, code in COLUMNS.items():
            for copy in folder.glob(f"load*/{name}.{code}"):
                copy.unlink()

    def _look_for_lost(self) -> None:
        """Reads the offsets of the first lost records again, and records what they hold."""
        history = self.experiment.record[HISTORY]
        attempts = history.attempts
        places = [
            (int(attempts.partition[record]), int(attempts.offset[record]))
            for record in lost_outside_damage(history)[:SHOWN]
            if attempts.offset[record] >= 0
        ]
        if places and history.log.complete:
            kafka = self.experiment.stack.endpoints.kafka
            seen = look_again(kafka, self.topic, places, self.experiment.patience(5))
            self.experiment.record.write(SECOND_LOOK, tuple(seen))

    def _client_errors(self) -> dict[str, dict[str, int]]:
        seen = {name: dict(errors) for name, errors in self.readers.errors().items()}
        if self.running.news.errors:
            seen["producer"] = dict(self.running.news.errors)
        return seen


def portable(order: LoadOrder) -> LoadOrder:
    """Returns an order without folders of this machine: it may be judged on another one."""
    return replace(order, folder=Path(order.folder).name, disk_folder="")
