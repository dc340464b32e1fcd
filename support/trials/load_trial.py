"""A load on one topic, with a consumer reading along and a fault if the scenario has them.

Life: observe (optional), run, settle. Settling reads the whole log with a fresh client and
makes every check that applies; the steps then promise some of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from support import clock
from support.checks.backpressure import backpressure_measured, steady_again
from support.checks.cdc import cdc_running
from support.checks.completion import completion_time
from support.checks.configuration import at_least_once_configuration
from support.checks.delivery import check_delivery, count_delivery
from support.checks.latency import latency_below
from support.checks.pacing import achieved_rate, lateness
from support.checks.received import received
from support.checks.recovery import broker_came_back
from support.checks.stability import latency_drift, memory_stability
from support.clients.broker import BrokerClient
from support.errors import Inconclusive, NotInTime
from support.faults.broker_restart import BrokerRestart, FaultTimeline
from support.ledger.history import GroupRead, History
from support.load.log_reader import read_whole_log
from support.load.observer import GroupObserver
from support.load.order import WarmUp
from support.load.profile import UNPACED, Segment
from support.load.publisher import RunningLoad
from support.results.measurements import ComponentUsage, Latency, Load
from support.results.schema import Check
from support.stack.ports import ProcessControl
from support.trials.measured import (
    backpressure,
    judge_recovery,
    load_facts,
    recovery_facts,
    stability,
)
from support.trials.trial import Trial
from support.trials.watching import StackWatch
from support.waiting import wait_until

LATENCY_OBJECTIVE_MS = 100.0
"""SC-001; the generator's own lateness is judged against a tenth of it."""

ONE_MS = timedelta(milliseconds=1)
WARM_UP_LONGEST_S, WINDOW_S = 60, 5
STEADY_RATE_PER_S, BEFORE_S, AFTER_S = 1000, 5, 12
"""The load around a burst."""

MEAN_BYTES = 5_700
"""Of a payload with its key, rounded up."""

LEAST_S, LONG, LEAST_LONG_S = 5, timedelta(minutes=2), 25
"""A scaled load lasts at least so long; one that shows a trend, long enough for a slope."""

LEAST_RECORDS = 100
"""A scaled load still has enough records to lie before, in and after a fault."""


class LoadTrial:
    """Runs one load and keeps what happened for the checks."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._topic = trial.create_topic("load")
        self._observer: GroupObserver | None = None
        self._load: RunningLoad | None = None
        self._broker_usage: ComponentUsage | None = None
        self._fault: FaultTimeline | None = None

    def judge_configuration(self) -> None:
        """Whether the clients' settings can keep the promise at all."""
        baseline = self._trial.stack.baseline
        self._trial.judge(at_least_once_configuration(baseline.producer, baseline.consumer))

    def observe(self) -> None:
        """A consumer group reads along from now on."""
        trial = self._trial
        self._observer = GroupObserver(
            trial.stack.endpoints.bootstrap,
            self._topic,
            trial.group("reader"),
            trial.stack.baseline.consumer,
            trial.folder / "group.journal",
        )
        trial.cleanup.callback(self._observer.close)
        self._observer.start(trial.patience(60))

    def run_steady(self, rate_per_s: int, duration: timedelta) -> None:
        """Warm up, then send at a rate for a while, sampling the stack's resources."""
        least = LEAST_LONG_S if duration >= LONG else LEAST_S
        seconds = self._trial.scaled(duration.total_seconds(), least)
        self._run_watched((Segment(rate_per_s, rate_per_s * seconds),), self._warm_up())

    def run_burst(self, rate_per_s: int, duration: timedelta) -> None:
        """Steady load, a burst at a rate, steady load again, without a pause between them."""
        seconds = self._trial.scaled(duration.total_seconds(), 2)
        steady = STEADY_RATE_PER_S
        segments = (
            Segment(steady, steady * BEFORE_S, judged=False),
            Segment(rate_per_s, rate_per_s * seconds),
            Segment(steady, steady * AFTER_S, judged=False),
        )
        self._run_watched(segments, self._warm_up())

    def replay(self, count: int) -> None:
        """As fast as possible. Raises Inconclusive when the disk is too small for all of it."""
        total = self._trial.scaled(count, 100_000)
        needed = total * MEAN_BYTES + self._trial.settings.stop_free_disk
        free = shutil.disk_usage(self._trial.settings.home).free
        if free < needed:
            raise Inconclusive(
                f"The disk is too small for a replay of {total} records.",
                seen=f"{free / 1e9:.1f} GB free",
                wanted=f"{needed / 1e9:.1f} GB",
                then="free some space, or replay less with -D scale=0.1",
            )
        self._run_watched((Segment(UNPACED, total),), None)

    def _run_watched(self, segments: tuple[Segment, ...], warm_up: WarmUp | None) -> None:
        seconds = sum(segment.length_ns for segment in segments) / clock.NS_PER_S
        self._start(segments, warm_up)
        watch = StackWatch(self._trial, self._running().pid)
        watch.start()
        began = clock.now_ns()
        self._await("sending", self._running().finished, seconds + 600)
        seconds = seconds or (clock.now_ns() - began) / clock.NS_PER_S
        self._broker_usage = watch.stop(seconds)

    def _warm_up(self) -> WarmUp:
        scale = min(1.0, self._trial.settings.scale)
        window, longest = max(2.0, WINDOW_S * scale), max(10.0, WARM_UP_LONGEST_S * scale)
        return WarmUp(self._trial.create_topic("warm-up"), window, longest)

    def run_through(
        self, rate_per_s: int, count: int, fault: BrokerRestart, at_record: int
    ) -> None:
        """Send `count` records and let the fault happen when `at_record` of them are sent."""
        stack = self._trial.stack
        if not isinstance(stack, ProcessControl):
            raise Inconclusive("This target's broker can't be restarted by the suite.")
        total = self._trial.scaled(count, LEAST_RECORDS)
        moment = total * at_record // count
        self._start((Segment(rate_per_s, total),), None)
        load = self._running()
        self._await("steady", lambda: load.sent() >= moment, moment / rate_per_s + 60)
        sent = load.sent()
        with self._trial.progress.phase(fault.name), fault.injected(stack.broker()) as timeline:
            timeline.proofs.append(f"told to end after {sent} of {total} records were sent")
        self._fault = timeline
        waited = (timeline.healed_ns - timeline.heal_began_ns) / clock.NS_PER_S
        self._trial.judge(broker_came_back(timeline.heal_trouble, waited))
        self._trial.promise("broker came back")
        self._await("recovery", load.finished, total / rate_per_s + 240)

    def settle(self) -> None:
        """End of the load: read everything back and make all checks that apply."""
        with self._trial.progress.phase("settling: reading the whole log back"):
            history = self._history()
        order, news = self._running().order, self._running().news
        self._trial.history = history
        self._trial.judge(*check_delivery(history))
        self._trial.facts["delivery"] = count_delivery(history)
        self._trial.facts |= load_facts(history, order, news)
        if self._fault is not None:
            self._trial.judge(*judge_recovery(history, self._fault))
            self._trial.facts |= recovery_facts(history, self._fault, news.start_ns)

    def judge_latency(self, figure: str, limit: timedelta) -> None:
        """`figure` (mean, p50, p95, p99) of intended-to-acknowledged against a limit."""
        summary = self._latency().intended_to_ack
        self._trial.judge(latency_below(summary, figure, limit / ONE_MS, self._punctuality()))

    def judge_pacing(self, percent: float) -> None:
        """Whether the generator kept the rate, and was punctual enough for SC-001."""
        load: Load = self._fact("load")
        self._trial.judge(
            achieved_rate(
                load.achieved_rate_per_s, load.target_rate_per_s or 0, percent, load.buffer_full
            ),
            self._punctuality(),
        )

    def judge_completion(self) -> None:
        """How long an unpaced load took, from its start to its last acknowledgement."""
        self._trial.judge(completion_time(self._fact("load"), self._fact("delivery")))

    def judge_backpressure(self, within: timedelta) -> None:
        """What the burst did, and whether it was over within some time after it."""
        seen = backpressure(self._settled(), self._running().order, self._running().news)
        self._trial.facts["backpressure"] = seen
        client = self._trial.facts.get("client")
        self._trial.judge(
            backpressure_measured(seen, client), steady_again(seen, within.total_seconds())
        )

    def judge_stability(self) -> None:
        """Whether the broker's memory and latency stayed as they were."""
        order, news = self._running().order, self._running().news
        seen = stability(self._settled(), order, news, self._broker_usage)
        self._trial.facts["stability"] = seen
        minutes = self._fact("load").duration_s / 60
        self._trial.judge(memory_stability(seen, minutes), latency_drift(seen))

    def judge_received(self, count: int) -> None:
        """Whether every group was given `count` (scaled) different records."""
        self._trial.judge(received(self._settled(), self._trial.scaled(count, LEAST_RECORDS)))

    def judge_cdc(self) -> None:
        """Whether Debezium runs and has captured the rows that exist from the start."""
        stack = self._trial.stack
        client = BrokerClient(stack.endpoints.bootstrap)

        def events() -> dict[str, int]:
            topics = stack.baseline.cdc_topics
            return {topic: sum(client.end_offsets(topic).values()) for topic in topics}

        trouble = stack.cdc_trouble()
        if trouble is None:
            with suppress(NotInTime):
                wait_until(
                    events, lambda e: all(e.values()), self._trial.patience(30), "CDC events"
                )
        self._trial.judge(cdc_running(trouble, events()))

    def _punctuality(self) -> Check:
        load: Load = self._fact("load")
        p99 = self._latency().lateness.p99_ms
        return lateness(p99, LATENCY_OBJECTIVE_MS, load.buffer_full)

    def _latency(self) -> Latency:
        latency: Latency = self._fact("latency")
        return latency

    def _settled(self) -> History:
        if self._trial.history is None:
            raise Inconclusive("The load did not settle: what it did can't be judged.")
        return self._trial.history

    def _fact(self, name: str) -> Any:
        if name not in self._trial.facts:
            raise Inconclusive(f"The load did not get as far as its {name}.")
        return self._trial.facts[name]

    # -- running -------------------------------------------------------------------------

    def _start(self, segments: tuple[Segment, ...], warm_up: WarmUp | None) -> None:
        trial = self._trial
        bootstrap = trial.stack.endpoints.bootstrap
        order = trial.load_order(bootstrap, self._topic, segments, warm_up)
        self._load = load = RunningLoad(order)
        trial.cleanup.callback(load.close)
        self._await("warm-up" if warm_up else "connecting", load.started, 150)

    def _await(self, phase: str, done: Callable[[], bool], seconds: float) -> None:
        trial, load = self._trial, self._running()

        def look() -> bool:
            trial.progress.update(f"{phase}: {load.how_far()}")
            return done()

        with trial.progress.phase(phase):
            wait_until(look, bool, trial.patience(seconds), f"the load's phase {phase}")

    def _running(self) -> RunningLoad:
        assert self._load is not None
        return self._load

    # -- settling ------------------------------------------------------------------------

    def _history(self) -> History:
        trial, load = self._trial, self._running()
        load.close()
        bootstrap = trial.stack.endpoints.bootstrap
        groups: tuple[GroupRead, ...] = ()
        if self._observer is not None:
            ends = BrokerClient(bootstrap).end_offsets(self._topic)
            groups = (self._observer.finish(ends, trial.patience(90)),)
        log = read_whole_log(
            bootstrap,
            self._topic,
            trial.stack.baseline.consumer,
            trial.folder / "log.journal",
            trial.patience(30),
        )
        return History(load.attempts(), log, groups)
