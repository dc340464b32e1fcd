"""A load that measures: warmed up, watched, and judged by its speed."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import timedelta

from support import clock
from support.checks.backpressure import backpressure_measured, steady_again
from support.checks.cdc import cdc_running
from support.checks.completion import completion_time
from support.checks.latency import latency_below
from support.checks.pacing import achieved_rate, lateness
from support.checks.stability import latency_drift, memory_stability
from support.errors import Inconclusive, NotInTime, Unavailable
from support.experiment.experiment import Trial
from support.experiment.load_trial import LoadTrial
from support.experiment.watching import StackWatch
from support.figures.behaviour import backpressure, stability
from support.generate.order import WarmUp
from support.generate.schedule import UNPACED, Segment
from support.read.event_reader import not_envelopes
from support.results.measurements import ComponentUsage, Latency, Load
from support.results.schema import Check
from support.waiting import wait_until

LATENCY_OBJECTIVE_MS = 100.0
"""SC-001; the generator's own lateness is judged against a tenth of it."""

ONE_MS = timedelta(milliseconds=1)
LOOKED_AT = 20
"""Events of each partition of the CDC topics: their form is looked at, whoever wrote them."""
WARM_UP_LONGEST_S, WINDOW_S = 60, 3
STEADY_RATE_PER_S, BEFORE_S, AFTER_S = 1000, 5, 12
"""The load around a burst."""

MEAN_BYTES = 5_700
"""Of a payload with its key, rounded up."""

LEAST_S, LONG, LEAST_LONG_S = 5, timedelta(minutes=2), 25
"""A scaled load lasts at least so long; one that shows a trend, long enough for a slope."""


class BenchmarkTrial(LoadTrial):
    """Runs one load while the stack's resources are sampled."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self._broker_usage: ComponentUsage | None = None

    def run_steady(self, rate_per_s: int, duration: timedelta) -> None:
        """Warm up, then send at a rate for a while."""
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
        """As fast as possible. Raises Inconclusive when the disk is too small for all of it,
        Unavailable where it is the disk of others, who did not allow it."""
        if self._trial.stack.shared and not self._trial.settings.allow_destructive:
            raise Unavailable(
                "A replay fills a disk that others use, too.",
                then="-D kafka_container=NAME -D allow_destructive=yes",
            )
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

    def judge_cdc(self) -> None:
        """Whether Debezium runs and has captured the rows that exist from the start."""
        stack = self._trial.stack

        def events() -> dict[str, int]:
            topics = stack.baseline.cdc_topics
            return {topic: sum(self._trial.broker.end_offsets(topic).values()) for topic in topics}

        trouble = stack.cdc_trouble()
        if trouble is None:
            with suppress(NotInTime):
                within = self._trial.patience_at_least(30)
                wait_until(events, lambda e: all(e.values()), within, "CDC events")
        found, topics = events() if trouble is None else {}, stack.baseline.cdc_topics
        illegal = (
            not_envelopes(self._trial.broker, topics, LOOKED_AT, self._trial.patience(10))
            if all(found.values()) and found
            else []
        )
        self._trial.judge(cdc_running(trouble, found, illegal))

    def judge_latency(self, figure: str, limit: timedelta) -> None:
        """`figure` (mean, p50, p95, p99) of intended-to-acknowledged against a limit."""
        summary = self._latency().intended_to_ack
        self._trial.judge(latency_below(summary, figure, limit / ONE_MS, self._punctuality()))

    def judge_pacing(self, percent: float) -> None:
        """Whether the generator kept the rate, and was punctual enough for SC-001."""
        self._trial.judge(achieved_rate(self._sent(), percent), self._punctuality())

    def judge_completion(self) -> None:
        """How long an unpaced load took, from its start to its last acknowledgement."""
        self._trial.judge(completion_time(self._sent(), self._fact("delivery")))

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
        minutes = self._sent().duration_s / 60
        self._trial.judge(memory_stability(seen, minutes), latency_drift(seen))

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

    def _punctuality(self) -> Check:
        return lateness(self._latency().lateness.p99_ms, LATENCY_OBJECTIVE_MS, self._sent())

    def _sent(self) -> Load:
        load: Load = self._fact("load")
        return load

    def _latency(self) -> Latency:
        latency: Latency = self._fact("latency")
        return latency
