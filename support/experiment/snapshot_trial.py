"""The real snapshot of a large database by Debezium, watched from its start to its last event."""

from __future__ import annotations

from pathlib import Path

from confluent_kafka import KafkaException

from support import clock
from support.checks.cdc_envelopes import events_of_snapshot
from support.checks.cdc_help import back_without_help
from support.checks.cdc_snapshot import logged_errors, snapshot_rows
from support.checks.completion import reported
from support.errors import Explained, Inconclusive
from support.experiment.experiment import Trial
from support.experiment.pipeline import Pipeline
from support.experiment.watching import StackWatch
from support.faults.capture_restart import CaptureRestart
from support.faults.patient import lengthened
from support.figures.load import describe_fault
from support.generate.tables import COLUMNS, all_rows, columns_of, plain_columns
from support.metrics.part_logs import PartLogs
from support.read.snapshot_reader import Digests, read_snapshot
from support.results.measurements import SnapshotFigures
from support.stack.capabilities import LogSource
from support.stack.lifecycle import Component

LEAST_ROWS = 50_000
"""A scaled snapshot still lasts long enough to be sampled, and to be broken."""


class SnapshotTrial:
    """Fills tables, lets Debezium take their snapshot, and compares it row by row."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._pipeline = Pipeline(trial)
        self._counts: dict[str, int] = {}
        self._again = False

    def fill(self, count: int) -> None:
        """Have `count` (scaled) rows in the three tables."""
        total = self._trial.scaled(count, LEAST_ROWS)
        with self._trial.progress.phase(f"writing {total} rows"):
            self._pipeline.create_tables()
            self._counts = self._pipeline.own.fill(total)

    def take(self) -> None:
        """Register the connector and follow its snapshot to the last row."""
        trial, total = self._trial, self._total
        logs = self._part_logs()
        watch = StackWatch(trial)
        watch.start()
        began = clock.now_ns()
        self._pipeline.register({})
        self._await(total)
        seconds = (clock.now_ns() - began) / clock.NS_PER_S
        watch.stop(seconds)
        trial.facts["snapshot"] = SnapshotFigures(self._counts, seconds, total / seconds)
        trial.judge(reported("completion time", seconds, f"{total / seconds:,.0f} rows/s"))
        trial.judge(logged_errors(logs.read()))

    def take_through(self, fault: CaptureRestart) -> None:
        """The fault happens when a fifth of the rows is stored; then to the end of the snapshot.

        Debezium begins again: as many events come as rows are there, beside those of before.
        """
        began, total = clock.now_ns(), self._total
        self._pipeline.register({})
        self._await(total // 5)
        patient = lengthened(fault, self._trial.settings.patience)
        with self._trial.progress.phase(fault.name), patient.injected(self._pipeline) as timeline:
            stored = self._pipeline.stored()
            timeline.proofs.append(f"{stored} of {total} rows were stored then")
        if stored >= total:
            raise Inconclusive("The snapshot was complete before the restart.")
        self._trial.judge(back_without_help(timeline.restarted, timeline.died))
        self._trial.promise_worked_again(timeline)
        self._again = True
        self._await(stored + total)
        seconds = (clock.now_ns() - began) / clock.NS_PER_S
        self._trial.facts["snapshot"] = SnapshotFigures(self._counts, seconds, total / seconds)
        self._trial.facts["faults"] = (describe_fault(timeline, began),)

    def judge_rows(self) -> None:
        """Whether Kafka has every row exactly as PostgreSQL has it."""
        pipeline = self._pipeline
        now = columns_of(pipeline.database, pipeline.name)
        columns = plain_columns(now)
        others = [
            f"{table}.{n}" for table, names in now.items() for n in names if n not in columns[table]
        ]
        with self._trial.progress.phase("comparing every row"):
            read = read_snapshot(
                self._trial.broker,
                pipeline.topics,
                columns,
                self._trial.patience(30),
            )
            real = {table: Digests() for table in COLUMNS}
            for table, digests in real.items():
                for row in all_rows(pipeline.conninfo, pipeline.name, table, columns[table]):
                    assert isinstance(row[0], int)
                    digests.add(row[0], row)
        seen = {table: digests.ordered() for table, digests in read.tables.items()}
        there = {table: digests.ordered() for table, digests in real.items()}
        count = sum(len(keys) for keys, _ in seen.values())
        self._trial.judge(
            snapshot_rows(seen, there, read.complete, once=not self._again, others=others),
            events_of_snapshot(read.not_snapshot, read.illegal, count + len(read.illegal)),
            pipeline.task_state(),
        )
        pipeline.broker.look("the comparison of every row")

    @property
    def _total(self) -> int:
        return sum(self._counts.values())

    def _await(self, count: int) -> None:
        watch = self._pipeline.broker
        how_far = f"the snapshot, before {count} events were stored"
        with self._trial.progress.phase("snapshot"):
            try:
                self._pipeline.await_events(count, self._trial.patience(600), "snapshot")
            except (Explained, KafkaException):
                # Why nothing came, where that is why.
                watch.look(how_far)
                raise
        watch.look(how_far)

    def _part_logs(self) -> PartLogs:
        """The logs of the broker and of Kafka Connect, from now on."""
        stack = self._trial.stack
        logs = stack.logs if isinstance(stack, LogSource) else dict[str, Path]
        return PartLogs(logs, (Component.BROKER.value, Component.CONNECT.value))
