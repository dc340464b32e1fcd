"""Reads one topic with our verifying reader, kafka-consumer-perf-test, and ours again."""

from __future__ import annotations

from support import clock
from support.errors import Inconclusive
from support.experiment.experiment import Experiment
from support.experiment.load_orders import load_order
from support.generate.perf_test import CONSUMER, consumer_arguments, parse_consumer
from support.generate.publisher import run_load
from support.read.log_reader import read_whole_log
from support.record.attempts import Outcome
from support.record.comparisons import READING_COMPARED, ReadingCompared
from support.record.schedule import UNPACED, Segment
from support.results.cross_check import ReadingCrossCheck, ToolReading
from support.stack.capabilities import KafkaTools, needed

LEAST_RECORDS = 20_000


class ComparedReading:
    """Compares two readers, A-B-A, on one topic that our generator fills first."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._topic = experiment.create_topic("reading")
        self._runs = 0

    def compare(self, count: int) -> None:
        """Writes `count` (scaled) records, reads them three times, and records the counts."""
        wanted = self._experiment.scaled(count, LEAST_RECORDS)
        with self._experiment.progress.phase("writing the records to read"):
            self._fill(wanted)
        with self._experiment.progress.phase("ours, first"):
            before = self._ours()
        with self._experiment.progress.phase("kafka-consumer-perf-test"):
            theirs = self._theirs(wanted)
        with self._experiment.progress.phase("ours, again"):
            after = self._ours()
        seen = ReadingCrossCheck(before, theirs, after)
        self._experiment.record.write(READING_COMPARED, ReadingCompared(seen, wanted))

    def _fill(self, count: int) -> None:
        experiment = self._experiment
        kafka, segments = experiment.stack.endpoints.kafka, (Segment(UNPACED, count),)
        order = load_order(experiment, kafka, self._topic, segments)
        acked = run_load(order, experiment.patience(120)).attempts().count(Outcome.ACKED)
        if acked < count:
            raise Inconclusive(
                "The records to read could not be written.", seen=f"{acked} of {count} acknowledged"
            )

    def _ours(self) -> ToolReading:
        self._runs += 1
        experiment = self._experiment
        began = clock.now_ns()
        log = read_whole_log(
            experiment.stack.endpoints.kafka,
            self._topic,
            experiment.payloads,
            experiment.folder / f"log-{self._runs}.journal",
            experiment.patience(30),
        )
        seconds = (clock.now_ns() - began) / clock.NS_PER_S
        if not log.complete or not log.seen.intact.all():
            raise Inconclusive("Our own reader did not reach the end, or found damaged records.")
        return ToolReading("ours", len(log.seen), log.bytes, len(log.seen) / seconds)

    def _theirs(self, count: int) -> ToolReading:
        experiment, stack = self._experiment, self._experiment.stack
        tools = needed(stack, KafkaTools)
        arguments = consumer_arguments(
            stack.endpoints.kafka, self._topic, count, experiment.group("theirs")
        )
        read = parse_consumer(tools.run_tool(CONSUMER, arguments, experiment.patience(120)))
        size = round(read.mib * 2**20)
        return ToolReading("kafka-consumer-perf-test", read.records, size, read.records_per_s)
