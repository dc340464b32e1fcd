"""Sends one load with our generator, kafka-producer-perf-test, and ours again."""

from __future__ import annotations

from datetime import timedelta

from support.checks.pacing import slope_per_s
from support.experiment.experiment import Experiment
from support.experiment.load_orders import load_order
from support.generate.perf_test import (
    PRODUCER,
    parse_producer,
    producer_arguments,
    write_payload_file,
)
from support.generate.publisher import run_load
from support.metrics.summary import summarise
from support.record.comparisons import WRITING_COMPARED, WritingCompared
from support.record.load import WarmUp
from support.record.schedule import Segment
from support.results.cross_check import LatencyCrossCheck, ToolLatency
from support.stack.capabilities import KafkaTools, needed

LEAST_S = 15
"""Kafka's tool has no warm-up: a shorter run would measure the start of its JVM."""

WINDOW_S, LONGEST_S = 3.0, 15.0


class ComparedWriting:
    """Compares two producers, A-B-A, at one rate; each writes to a new topic, same settings."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._runs = 0

    def compare(self, rate_per_s: int, duration: timedelta) -> None:
        """Sends `rate_per_s` for `duration` (scaled) three times, and records the latencies."""
        seconds = self._experiment.scaled(duration.total_seconds(), LEAST_S)
        with self._experiment.progress.phase("ours, first"):
            before = self._ours(rate_per_s, seconds)
        with self._experiment.progress.phase("kafka-producer-perf-test"):
            theirs = self._theirs(rate_per_s, seconds)
        with self._experiment.progress.phase("ours, again"):
            after = self._ours(rate_per_s, seconds)
        seen = LatencyCrossCheck(before, theirs, after)
        compared = WritingCompared(seen, rate_per_s * seconds, rate_per_s)
        self._experiment.record.write(WRITING_COMPARED, compared)

    def _ours(self, rate_per_s: int, seconds: int) -> ToolLatency:
        self._runs += 1
        experiment, warm_up = self._experiment, None
        if self._runs == 1:
            warm_up = WarmUp(experiment.create_topic("warm-up"), WINDOW_S, LONGEST_S)
        order = load_order(
            experiment,
            experiment.stack.endpoints.kafka,
            experiment.create_topic(f"ours-{self._runs}"),
            (Segment(rate_per_s, rate_per_s * seconds),),
            warm_up,
            f"load-{self._runs}",
        )
        attempts = run_load(order, experiment.patience(seconds + 120)).attempts()
        acked = attempts.acked_ns > 0
        s = summarise((attempts.acked_ns - attempts.sent_ns)[acked])
        rate = slope_per_s(attempts.sent_ns[attempts.sent_ns > 0])
        return ToolLatency("ours", s.count, rate, s.mean_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.max_ms)

    def _theirs(self, rate_per_s: int, seconds: int) -> ToolLatency:
        experiment, stack = self._experiment, self._experiment.stack
        tools = needed(stack, KafkaTools)
        payloads = write_payload_file(experiment.payloads, experiment.folder / "payloads")
        arguments = producer_arguments(
            stack.endpoints.kafka,
            experiment.create_topic("theirs"),
            rate_per_s,
            rate_per_s * seconds,
            payloads,
            stack.baseline.producer,
        )
        r = parse_producer(tools.run_tool(PRODUCER, arguments, experiment.patience(seconds + 60)))
        return ToolLatency(
            "kafka-producer-perf-test",
            r.records,
            r.records_per_s,
            r.mean_ms,
            r.p50_ms,
            r.p95_ms,
            r.p99_ms,
            r.max_ms,
        )
