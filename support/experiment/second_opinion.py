"""The same load by our generator, by kafka-producer-perf-test, and by ours again."""

from __future__ import annotations

from datetime import timedelta

from support.checks.agreement import agreement
from support.checks.pacing import slope_per_s
from support.errors import Unavailable
from support.experiment.experiment import Trial
from support.generate.order import LoadOrder, WarmUp
from support.generate.perf_test import (
    PRODUCER,
    parse_producer,
    producer_arguments,
    write_payload_file,
)
from support.generate.publisher import run_load
from support.generate.schedule import Segment
from support.metrics.summary import summarise
from support.results.measurements import Opinion, SecondOpinion
from support.stack.capabilities import KafkaTools

LEAST_S = 15
"""Their tool has no warm-up: in a shorter run the start of its JVM is what it measures."""

WINDOW_S, LONGEST_S = 3.0, 15.0


class SecondOpinionTrial:
    """A-B-A at one rate; every run has a topic of its own with the same settings."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._runs = 0

    def compare(self, rate_per_s: int, duration: timedelta) -> None:
        """Run all three and judge whether they agree."""
        seconds = self._trial.scaled(duration.total_seconds(), LEAST_S)
        with self._trial.progress.phase("ours, first"):
            before = self._ours(rate_per_s, seconds)
        with self._trial.progress.phase("kafka-producer-perf-test"):
            theirs = self._theirs(rate_per_s, seconds)
        with self._trial.progress.phase("ours, again"):
            after = self._ours(rate_per_s, seconds)
        seen = SecondOpinion(before, theirs, after)
        self._trial.facts["second_opinion"] = seen
        self._trial.judge(agreement(seen, rate_per_s * seconds, rate_per_s))

    def _ours(self, rate_per_s: int, seconds: int) -> Opinion:
        self._runs += 1
        trial, warm_up = self._trial, None
        if self._runs == 1:
            warm_up = WarmUp(trial.create_topic("warm-up"), WINDOW_S, LONGEST_S)
        order: LoadOrder = trial.load_order(
            trial.stack.endpoints.bootstrap,
            trial.create_topic(f"ours-{self._runs}"),
            (Segment(rate_per_s, rate_per_s * seconds),),
            warm_up,
            f"load-{self._runs}",
        )
        attempts = run_load(order, trial.patience(seconds + 120)).attempts()
        acked = attempts.acked_ns > 0
        s = summarise((attempts.acked_ns - attempts.sent_ns)[acked])
        rate = slope_per_s(attempts.sent_ns[attempts.sent_ns > 0])
        return Opinion("ours", s.count, rate, s.mean_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.max_ms)

    def _theirs(self, rate_per_s: int, seconds: int) -> Opinion:
        trial, stack = self._trial, self._trial.stack
        if not isinstance(stack, KafkaTools):
            raise Unavailable("This target can't run Kafka's own tools.")
        payloads = write_payload_file(trial.settings.seed, trial.folder / "payloads")
        arguments = producer_arguments(
            stack.endpoints.bootstrap,
            trial.create_topic("theirs"),
            rate_per_s,
            rate_per_s * seconds,
            payloads,
            stack.baseline.producer,
        )
        r = parse_producer(stack.run_tool(PRODUCER, arguments, trial.patience(seconds + 60)))
        return Opinion(
            "kafka-producer-perf-test",
            r.records,
            r.records_per_s,
            r.mean_ms,
            r.p50_ms,
            r.p95_ms,
            r.p99_ms,
            r.max_ms,
        )
