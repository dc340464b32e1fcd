"""Inserts rows of growing size until one stops Debezium's task, then applies the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import md5

from support.checks.sizes import STORED
from support.errors import Inconclusive, NotInTime, StackError
from support.experiment.experiment import Experiment
from support.experiment.pipeline import Pipeline
from support.generate.large_events import Headers, largest_value_of_java_producer
from support.generate.tables import COLUMNS, SEED_ROWS
from support.promises.cdc_recovery import TASK_STATE
from support.promises.edge import TASK_OUTCOME
from support.read.topic_reader import TopicReader
from support.record.notes import NOTES
from support.record.sizes import (
    EVENT_SIZES,
    LARGE_ROWS,
    STOPPED_TASK,
    LargeRowsRecord,
    SizesRecord,
    StoppedTask,
)
from support.results.sizes import SizeOutcome
from support.waiting import wait_until

KB, MB = 1 << 10, 1 << 20
REQUEST_LIMIT = 1_048_576
"""Default of max.request.size in a Java producer, as Kafka Connect has."""
AROUND = 64
"""Bytes by which an event may miss its size: LSN and transaction id may get a digit longer."""
OVERRIDE = "producer.override.max.request.size"
RAISED = {OVERRIDE: str(4 * MB)}
INSERT = "INSERT INTO {schema}.comments (id, video_id, user_id, body) VALUES ({id}, 1, 1, {body})"
AFTERWARDS = "after the remedy"
DROPPED = "neither stored nor reported"
REMEDY = (
    "With REPLICA IDENTITY FULL an update carries the row twice (before and after): its event is "
    "twice as large as that of the insert.",
    "Remedy: raise producer.override.max.request.size of the connector and max.message.bytes of "
    "its topics together, and alert on a task that FAILED: it has to be restarted by hand. Do not "
    "use errors.tolerance=all: it drops the row's event silently and commits its offset.",
)


@dataclass(frozen=True)
class _StoredEvent:
    """A record of the table's topic."""

    key: bytes
    value: bytes
    headers: Headers


class LargeRows:
    """Writes rows of growing size until one stops the task, then raises the limits."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment, self._pipeline = experiment, Pipeline(experiment)
        self._outcomes: list[SizeOutcome] = []
        self._next_id, self._stored = 1000, SEED_ROWS * len(COLUMNS)
        self._overhead = 0
        """Bytes of an event without the row's text; they depend on Debezium's version."""

    def start(self) -> None:
        """Starts the connector, and waits until it streams after the snapshot of the seed rows."""
        self._pipeline.create_tables()
        # A worker of others may have another limit, which it does not report.
        own = {OVERRIDE: str(self._request_limit())}
        self._pipeline.register(own if self._experiment.stack.shared else {})
        self._pipeline.await_events(self._stored, self._experiment.patience(120), "the snapshot")
        wait_until(self._pipeline.reader_pid, bool, self._experiment.patience(60), "streaming")

    def insert_until_one_is_too_large(self) -> None:
        """Inserts rows up to just above the limit of Connect's producer, and judges its task."""
        small = 1 * KB
        self._insert(small, "", fits=True)
        seen = self._last_event()
        self._overhead = len(seen.value) - small
        # From Debezium 3.2 on, events have headers.
        limit = largest_value_of_java_producer(self._request_limit(), len(seen.key), seen.headers)
        what = "max.request.size of Connect's producer"
        for size in (64 * KB, 512 * KB, limit - AROUND):
            self._insert(size - self._overhead, what, fits=True)
        self._update(f"{what}, for the row twice")
        self._insert(limit + AROUND - self._overhead, what, fits=False)
        state = self._pipeline.connector.state()
        reason = next((x for x in state.trace.splitlines() if "RecordTooLarge" in x), "")
        stopped = StoppedTask(state.connector, tuple(state.tasks), reason.strip())
        self._experiment.record.write(STOPPED_TASK, stopped)
        self._experiment.verdicts.judge(TASK_OUTCOME)

    def _request_limit(self) -> int:
        """Returns max.request.size of the connector, else of the worker, else the default."""
        baseline = self._experiment.stack.baseline
        worker = baseline.worker.get("producer.max.request.size", str(REQUEST_LIMIT))
        return int(baseline.connector.get(OVERRIDE, worker))

    def raise_the_limits(self) -> None:
        """Raises the limits of connector and topic, restarts the task, and records every event."""
        topic = self._pipeline.topics["comments"]
        self._experiment.broker.set_topic_config(topic, "max.message.bytes", str(4 * MB))
        self._pipeline.change(RAISED)
        self._restart_task()
        last, raised = self._outcomes[-1], "limits raised to 4 MB"
        outcome = self.await_event(self._stored)
        self._outcomes.append(
            SizeOutcome(f"{last.path}, {AFTERWARDS}", last.bytes, outcome, raised, True)
        )
        self._pipeline.database.execute(
            f"UPDATE {self._pipeline.name}.comments SET version = 2 WHERE id = {self._next_id}"
        )
        self._note(f"its update under FULL identity, {AFTERWARDS}", 0, raised, True)
        record = self._experiment.record
        record.write(EVENT_SIZES, SizesRecord(tuple(self._outcomes)))
        record.write(LARGE_ROWS, LargeRowsRecord(self.events(), self.rows()))
        record.write(NOTES, REMEDY)
        self._pipeline.record_task()
        self._experiment.verdicts.judge(TASK_STATE)
        self._pipeline.broker.look("the last row's event")

    def _insert(self, characters: int, limit: str, *, fits: bool) -> None:
        self._next_id += 1
        body = f"repeat(md5('{self._next_id}'), {characters} / 32 + 1)"
        statement = INSERT.format(
            schema=self._pipeline.name, id=self._next_id, body=f"left({body}, {characters})"
        )
        self._pipeline.database.execute(statement)
        self._note("insert", characters + self._overhead, limit, fits)

    def _update(self, limit: str) -> None:
        """Updates the row of 512 KB; the event holds the row before and after."""
        self._pipeline.database.execute(
            f"UPDATE {self._pipeline.name}.comments SET version = 2, body = left(body, 400000) "
            "WHERE id = 1003"
        )
        self._note("update under FULL identity", 0, limit, True)

    def _note(self, path: str, size: int, limit: str, fits: bool) -> None:
        """Waits for the row's event, and keeps its outcome."""
        self._stored += 1
        outcome = self.await_event(self._stored)
        if outcome == STORED:
            size = len(self._last_event().value)
        self._outcomes.append(SizeOutcome(path, size, outcome, limit or "none near", fits))

    def await_event(self, count: int) -> str:
        """Returns STORED, the error that stopped the task, or DROPPED if neither came in time."""

        def outcome() -> str:
            if self._pipeline.stored() >= count:
                return STORED
            return self._pipeline.connector.failure_reason("RecordTooLarge")

        with self._experiment.progress.phase(f"event {count}"):
            try:
                return wait_until(
                    outcome,
                    bool,
                    self._experiment.patience_at_least(30),
                    "the event, or a failed task",
                    tolerate=(StackError,),
                )
            except NotInTime:
                return DROPPED

    def _restart_task(self) -> None:
        """Restarts the task until it runs: Connect refuses while it rebalances."""

        def running() -> bool:
            if not self._pipeline.connector.state().running:
                self._pipeline.restart_task()
            return self._pipeline.connector.state().running

        wait_until(
            running,
            bool,
            self._experiment.patience(60),
            "the task to run again",
            every=timedelta(seconds=1),
            tolerate=(StackError,),
        )

    def _messages(self) -> list[_StoredEvent]:
        reader = TopicReader(
            self._experiment.broker,
            self._experiment.group("rows"),
            [self._pipeline.topics["comments"]],
            self._experiment.patience(30),
        )
        found = sorted(
            (m.timestamp()[1], m.partition(), m.offset(), m.key(), m.value(), m.headers() or [])
            for batch in reader
            for m in batch
            if m.value() is not None
        )
        if not reader.complete:
            raise Inconclusive(
                "The events of large rows were not read to the end.", seen=str(reader.unreadable)
            )
        return [_StoredEvent(key, value, headers) for *_, key, value, headers in found]

    def _last_event(self) -> _StoredEvent:
        found = [event for event in self._messages() if json.loads(event.key)["id"] > 1000]
        if not found:
            raise Inconclusive("No event of a large row was read.")
        return found[-1]

    def events(self) -> Mapping[int, str]:
        """Returns row id -> MD5 of the large value in the row's last event."""
        events = (json.loads(event.value) for event in self._messages())
        rows = (event["after"] for event in events if event["after"])
        return {row["id"]: md5(row["body"].encode()).hexdigest() for row in rows}

    def rows(self) -> Mapping[int, str]:
        """Returns row id -> MD5 of the large value in PostgreSQL."""
        query = f"SELECT id, md5(body) FROM {self._pipeline.name}.comments"
        return {row[0]: row[1] for row in self._pipeline.database.query(query)}
