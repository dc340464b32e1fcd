"""A load on one topic, with consumers reading along if the scenario has them.

Life: observe (optional), run, settle. Settling reads the whole log with a fresh client and
makes every check that applies; the steps then promise some of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from support.checks.delivery import check_delivery, count_delivery
from support.checks.judged import SHOWN
from support.checks.lost import NAME as LOST
from support.checks.lost import places_to_look_at
from support.errors import Inconclusive
from support.experiment.broker_watch import BrokerWatch
from support.experiment.experiment import Trial
from support.experiment.readers import Readers
from support.figures.load import load_facts
from support.generate.order import WarmUp
from support.generate.publisher import RunningLoad
from support.generate.schedule import Segment
from support.read.log_reader import read_whole_log
from support.read.second_look import look_again
from support.record.attempts import Attempts
from support.record.history import History
from support.record.sessions import GroupRead
from support.results.schema import Check, Verdict
from support.waiting import wait_until

IDLE_S = 50
"""A consumer that is given nothing for longer than a crashed member's session (45 s) will not be
given anything. A smaller patience does not shorten it: it would turn a wait into a loss."""


class LoadTrial:
    """Runs one load and keeps what happened for the checks."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._topic = trial.create_topic("load")
        self._bootstrap = trial.stack.endpoints.bootstrap
        self._readers = Readers(trial, self._topic)
        self._load: RunningLoad | None = None
        self._broker_watch = BrokerWatch(trial)

    def observe(self) -> None:
        """A consumer group reads along from now on."""
        reader = self._readers.add("reader", "reader", self._bootstrap)
        reader.start()
        reader.await_ready(self._trial.patience(60))

    def settle(self) -> None:
        """End of the load: read everything back and make all checks that apply."""
        with self._trial.progress.phase("settling: reading the whole log back"):
            history = self._history()
        self._trial.history = history
        self._trial.judge(*(self._with_second_look(c, history) for c in check_delivery(history)))
        self._trial.facts["delivery"] = count_delivery(history)
        self._trial.facts["client_errors"] = self._client_errors()
        self._trial.facts |= self._load_facts(history)
        self._broker_watch.look(self._running().how_far())

    def _load_facts(self, history: History) -> dict[str, Any]:
        running = self._running()
        return load_facts(history, running.order, running.news)

    def _settled(self) -> History:
        if self._trial.history is None:
            raise Inconclusive("The load did not settle: what it did can't be judged.")
        return self._trial.history

    def _fact(self, name: str) -> Any:
        if name not in self._trial.facts:
            raise Inconclusive(f"The load did not get as far as its {name}.")
        return self._trial.facts[name]

    def _start(
        self,
        segments: tuple[Segment, ...],
        warm_up: WarmUp | None,
        folder: str = "load",
        first: int = 0,
    ) -> None:
        trial = self._trial
        order = trial.load_order(self._bootstrap, self._topic, segments, warm_up, folder, first)
        self._load = load = RunningLoad(order)
        trial.cleanup.callback(load.close)
        self._await("warm-up" if warm_up else "connecting", load.started, 150)

    def _await(self, phase: str, done: Callable[[], bool], seconds: float) -> None:
        """Follow the load. A broker that ends by itself meanwhile breaks a promise at once."""
        trial, load, watch = self._trial, self._running(), self._broker_watch

        def look() -> bool:
            trial.progress.update(f"{phase}: {load.how_far()}")
            watch.look(load.how_far())
            return done()

        with trial.progress.phase(phase):
            wait_until(look, bool, trial.patience(seconds), f"the load's phase {phase}")

    def _running(self) -> RunningLoad:
        if self._load is None:
            raise Inconclusive("There was no load.")
        return self._load

    def _attempts(self) -> Attempts:
        """What was tried, by whatever producers."""
        return self._running().attempts()

    def _disturbances(self) -> tuple[tuple[int, int], ...]:
        """When something was broken on purpose."""
        return ()

    def _history(self) -> History:
        trial, load = self._trial, self._running()
        load.close()
        # Not over a link that may be cut: by the stack's own address.
        bootstrap = trial.stack.endpoints.bootstrap
        groups: tuple[GroupRead, ...] = ()
        if self._readers:
            ends = trial.broker.end_offsets(self._topic)
            groups = self._readers.finish(ends, trial.patience_at_least(IDLE_S))
        log = read_whole_log(
            bootstrap,
            self._topic,
            trial.payloads,
            trial.folder / "log.journal",
            trial.patience(30),
        )
        return History(self._attempts(), log, groups, self._disturbances())

    def _with_second_look(self, check: Check, history: History) -> Check:
        """What is lost is looked for once more, by the offsets that were acknowledged."""
        if check.name != LOST or check.verdict is not Verdict.FAIL:
            return check
        attempts = history.attempts
        places = [
            (int(attempts.partition[record]), int(attempts.offset[record]))
            for record in places_to_look_at(history)[:SHOWN]
            if attempts.offset[record] >= 0
        ]
        bootstrap = self._trial.stack.endpoints.bootstrap
        seen = look_again(bootstrap, self._topic, places, self._trial.patience(5))
        return dataclasses.replace(check, evidence=(*check.evidence, *seen))

    def _client_errors(self) -> dict[str, Any]:
        told = self._readers.errors()
        if self._running().news.errors:
            told["producer"] = self._running().news.errors
        return told
