"""The same topic read by our verifying reader, by kafka-consumer-perf-test, and by ours again."""

from __future__ import annotations

from support import clock
from support.checks.agreement import agreement_on_reading
from support.errors import Inconclusive, Unavailable
from support.experiment.experiment import Trial
from support.generate.perf_test import CONSUMER, consumer_arguments, parse_consumer
from support.generate.publisher import run_load
from support.generate.schedule import UNPACED, Segment
from support.read.log_reader import read_whole_log
from support.record.attempts import Outcome
from support.results.measurements import ReadingOpinion, SecondReading
from support.stack.capabilities import KafkaTools

LEAST_RECORDS = 20_000


class SecondReadingTrial:
    """A-B-A over one topic, which our generator fills first."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._topic = trial.create_topic("reading")
        self._runs = 0

    def compare(self, count: int) -> None:
        """Read it three times and judge whether all counted the same."""
        wanted = self._trial.scaled(count, LEAST_RECORDS)
        with self._trial.progress.phase("writing what is read"):
            self._fill(wanted)
        with self._trial.progress.phase("ours, first"):
            before = self._ours()
        with self._trial.progress.phase("kafka-consumer-perf-test"):
            theirs = self._theirs(wanted)
        with self._trial.progress.phase("ours, again"):
            after = self._ours()
        seen = SecondReading(before, theirs, after)
        self._trial.facts["second_reading"] = seen
        self._trial.judge(agreement_on_reading(seen, wanted))

    def _fill(self, count: int) -> None:
        trial = self._trial
        bootstrap, segments = trial.stack.endpoints.bootstrap, (Segment(UNPACED, count),)
        order = trial.load_order(bootstrap, self._topic, segments, None)
        acked = run_load(order, trial.patience(120)).attempts().count(Outcome.ACKED)
        if acked < count:
            raise Inconclusive(
                "What is to be read could not be written.", seen=f"{acked} of {count} acknowledged"
            )

    def _ours(self) -> ReadingOpinion:
        self._runs += 1
        trial = self._trial
        began = clock.now_ns()
        log = read_whole_log(
            trial.stack.endpoints.bootstrap,
            self._topic,
            trial.payloads,
            trial.folder / f"log-{self._runs}.journal",
            trial.patience(30),
        )
        seconds = (clock.now_ns() - began) / clock.NS_PER_S
        if not log.complete or not log.seen.intact.all():
            raise Inconclusive("Our own reading was cut short, or found damaged records.")
        return ReadingOpinion("ours", len(log.seen), log.bytes, len(log.seen) / seconds)

    def _theirs(self, count: int) -> ReadingOpinion:
        trial, stack = self._trial, self._trial.stack
        if not isinstance(stack, KafkaTools):
            raise Unavailable("This target can't run Kafka's own tools.")
        arguments = consumer_arguments(stack.endpoints.bootstrap, self._topic, count)
        read = parse_consumer(stack.run_tool(CONSUMER, arguments, trial.patience(120)))
        size = round(read.mib * 2**20)
        return ReadingOpinion("kafka-consumer-perf-test", read.records, size, read.records_per_s)
