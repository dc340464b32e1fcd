"""The real snapshot of a large database by Debezium, followed to its last event."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from confluent_kafka import KafkaException

from support import clock
from support.errors import Explained, Inconclusive
from support.experiment.cdc_faults import broken_by, record_fault
from support.experiment.experiment import Experiment
from support.experiment.needs import in_one_line, logs_of_kafka_and_connect, unmet
from support.experiment.pipeline import Pipeline
from support.experiment.watching import StackWatch
from support.faults.capture_restart import CaptureRestart
from support.generate.tables import COLUMNS, all_rows, columns_of, plain_columns
from support.metrics.log_levels import error_lines
from support.metrics.part_logs import PartLog, PartLogs
from support.promises.cdc import LEGAL_ENVELOPES
from support.promises.cdc_recovery import TASK_STATE
from support.promises.cdc_snapshot import LOGGED_ERRORS
from support.promises.cdc_snapshot import SNAPSHOT_ROWS as ROWS_COMPARED
from support.promises.performance import COMPLETION_TIME
from support.read.snapshot_reader import Digests, read_snapshot
from support.record.part_logs import LOGGED, LoggedErrors
from support.record.snapshot import (
    SNAPSHOT,
    SNAPSHOT_ROWS,
    RowsFound,
    SnapshotRecord,
    SnapshotRows,
)
from support.stack.capabilities import LogSource
from support.stack.lifecycle import Component

LEAST_ROWS = 50_000
"""A scaled snapshot still lasts long enough to be sampled, and to be broken."""


class Snapshot:
    """Fills tables, lets Debezium take their snapshot, and records every row of both sides."""

    def __init__(self, experiment: Experiment) -> None:
        self.pipeline = Pipeline(experiment)
        self._experiment = experiment
        self._counts: dict[str, int] = {}
        self._begun_again = False

    def fill(self, count: int) -> None:
        """Writes `count` (scaled) rows into the three tables."""
        total = self._experiment.scaled(count, LEAST_ROWS)
        with self._experiment.progress.phase(f"writing {total} rows"):
            self.pipeline.create_tables()
            self._counts = self.pipeline.captured.fill(total)

    def take(self) -> None:
        """Registers the connector and follows its snapshot to the last row."""
        experiment, logs = self._experiment, self._part_logs()
        watch = StackWatch(experiment)
        watch.start()
        began_ns = clock.now_ns()
        self.pipeline.register({})
        self._await(self._total)
        ended_ns = clock.now_ns()
        watch.stop((ended_ns - began_ns) / clock.NS_PER_S)
        experiment.record.write(SNAPSHOT, SnapshotRecord(self._counts, began_ns, ended_ns))
        experiment.record.write(LOGGED, self._errors(logs))
        experiment.verdicts.judge(COMPLETION_TIME, LOGGED_ERRORS)

    def take_through(self, fault: CaptureRestart) -> None:
        """Follows a snapshot to its end; the fault happens when a fifth of the rows is stored.

        Debezium begins again, and sends one event for each row in addition to the earlier ones.
        """
        experiment, began_ns, total = self._experiment, clock.now_ns(), self._total
        self.pipeline.register({})
        self._await(total // 5)
        with (
            experiment.progress.phase(fault.name),
            broken_by(fault, self.pipeline, experiment) as timeline,
        ):
            stored = self.pipeline.stored()
            timeline.proofs.append(f"{stored} of {total} rows were stored then")
        if stored >= total:
            raise Inconclusive("The snapshot was complete before the restart.")
        record_fault(experiment, timeline)
        self._begun_again = True
        self._await(stored + total)
        seen = SnapshotRecord(self._counts, began_ns, clock.now_ns())
        experiment.record.write(SNAPSHOT, seen)

    def compare_rows(self) -> None:
        """Reads every row from Kafka and from PostgreSQL, and judges whether they are the same."""
        experiment, pipeline = self._experiment, self.pipeline
        with experiment.progress.phase("comparing every row"):
            experiment.record.write(SNAPSHOT_ROWS, self._rows())
        pipeline.record_task()
        experiment.verdicts.judge(ROWS_COMPARED, LEGAL_ENVELOPES, TASK_STATE)
        pipeline.broker.look("the comparison of every row")

    def _rows(self) -> SnapshotRows:
        pipeline, patience = self.pipeline, self._experiment.patience(30)
        now = columns_of(pipeline.database, pipeline.name)
        columns = plain_columns(now)
        others = tuple(
            f"{table}.{n}" for table, names in now.items() for n in names if n not in columns[table]
        )
        read = read_snapshot(self._experiment.broker, pipeline.topics, columns, patience)
        real = {table: Digests() for table in COLUMNS}
        for table, digests in real.items():
            for row in all_rows(pipeline.conninfo, pipeline.name, table, columns[table]):
                assert isinstance(row[0], int)
                digests.add(row[0], row)
        found = RowsFound(
            tuple(read.illegal), read.not_snapshot, read.complete, others, self._begun_again
        )
        return SnapshotRows(
            {table: digests.ordered() for table, digests in read.tables.items()},
            {table: digests.ordered() for table, digests in real.items()},
            found,
        )

    @property
    def _total(self) -> int:
        return sum(self._counts.values())

    def _await(self, count: int) -> None:
        watch = self.pipeline.broker
        how_far = f"the snapshot, before {count} events were stored"
        with self._experiment.progress.phase("snapshot"):
            try:
                self.pipeline.await_events(count, self._experiment.patience(600), "snapshot")
            except (Explained, KafkaException):
                # A broker that ended is the reason why nothing came.
                watch.look(how_far)
                raise
        watch.look(how_far)

    def _part_logs(self) -> PartLogs:
        """Returns the logs of the broker and of Kafka Connect from now on."""
        stack = self._experiment.stack
        logs = stack.logs if isinstance(stack, LogSource) else dict[str, Path]
        return PartLogs(logs, (Component.BROKER.value, Component.CONNECT.value))

    def _errors(self, logs: PartLogs) -> dict[str, LoggedErrors]:
        """Returns what each part logged, or why this target can't read its log."""
        experiment = self._experiment
        found = {part: errors_of(log) for part, log in logs.read().items()}
        lack = unmet([logs_of_kafka_and_connect], experiment.stack, experiment.settings)
        if lack is None:
            return found
        why = in_one_line(lack)
        return {
            part: replace(log, trouble="", lacking=why) if log.trouble else log
            for part, log in found.items()
        }


def errors_of(log: PartLog) -> LoggedErrors:
    """Returns what a part logged as it is recorded: the errors, and how many lines there were."""
    return LoggedErrors(len(log.text.splitlines()), tuple(error_lines(log.text)), log.trouble)
