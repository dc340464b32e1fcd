"""Very large rows through Debezium: the largest that passes, what stops the next, the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import md5

from support.checks.sizes import STORED, rows_whole, sizes, task_fate
from support.errors import Inconclusive, NotInTime, StackError
from support.experiment.experiment import Trial
from support.experiment.pipeline import Pipeline
from support.generate.large_events import largest_value_of_java_producer
from support.generate.tables import COLUMNS, SEED_ROWS
from support.read.topic_reader import TopicReader
from support.results.measurements import SizeOutcome
from support.waiting import wait_until

KB, MB = 1 << 10, 1 << 20
REQUEST_LIMIT = 1_048_576
"""max.request.size of a Java producer by default; Kafka Connect uses one."""
AROUND = 64
"""Bytes: the envelope's numbers (LSN, transaction) may get a digit longer."""
RAISED = {"producer.override.max.request.size": str(4 * MB)}
INSERT = "INSERT INTO {schema}.comments (id, video_id, user_id, body) VALUES ({id}, 1, 1, {body})"
AFTERWARDS = "after the remedy"
DROPPED = "neither stored nor told"
NOTES = (
    "With REPLICA IDENTITY FULL an update carries the row twice (before and after): its event is "
    "twice as large as that of the insert.",
    "Remedy: producer.override.max.request.size of the connector and max.message.bytes of its "
    "topics together, and an alert on a task that FAILED: it "
    "has to be restarted by hand. errors.tolerance=all is none: it drops "
    "the row's event silently and commits its offset.",
)


class LargeRowTrial:
    """Writes rows of growing size until one stops the task, then raises the limits."""

    def __init__(self, trial: Trial) -> None:
        self._trial, self._pipeline = trial, Pipeline(trial)
        self._outcomes: list[SizeOutcome] = []
        self._next_id, self._stored = 1000, SEED_ROWS * len(COLUMNS)
        self._overhead, self._key_bytes = 0, 0

    def start(self) -> None:
        """The connector has taken its snapshot of the seed rows, and streams."""
        self._pipeline.create_tables()
        self._pipeline.register({})
        self._pipeline.await_events(self._stored, self._trial.patience(120), "the snapshot")
        wait_until(self._pipeline.reader_pid, bool, self._trial.patience(60), "streaming")

    def insert_until_one_is_too_large(self) -> None:
        """Small, 64 KB, 512 KB, just under the limit of Connect's producer, and just over it."""
        small = 1 * KB
        self._insert(small, "", fits=True)
        key, value = self._last_event()
        self._key_bytes, self._overhead = len(key), len(value) - small
        limit = largest_value_of_java_producer(self._request_limit(), self._key_bytes)
        what = "max.request.size of Connect's producer"
        for size in (64 * KB, 512 * KB, limit - AROUND):
            self._insert(size - self._overhead, what, fits=True)
        self._update(f"{what}, for the row twice")
        self._insert(limit + AROUND - self._overhead, what, fits=False)
        state = self._pipeline.state()
        reason = next((x for x in state.trace.splitlines() if "RecordTooLarge" in x), "")
        self._trial.judge(task_fate(state.connector, state.tasks, reason.strip()))

    def _request_limit(self) -> int:
        """max.request.size of the connector's producer: its own, the worker's, or the default."""
        baseline = self._trial.stack.baseline
        worker = baseline.worker.get("producer.max.request.size", str(REQUEST_LIMIT))
        return int(baseline.connector.get("producer.override.max.request.size", worker))

    def raise_the_limits(self) -> None:
        """Of connector and topic; then what was stopped comes, and everything is there."""
        topic = self._pipeline.topics["comments"]
        self._trial.broker.set_topic_config(topic, "max.message.bytes", str(4 * MB))
        self._pipeline.change(RAISED)
        self._restart_task()
        last, raised = self._outcomes[-1], "limits raised to 4 MB"
        outcome = self._await_event(self._stored)
        self._outcomes.append(
            SizeOutcome(f"{last.path}, {AFTERWARDS}", last.bytes, outcome, raised, True)
        )
        self._pipeline.database.execute(
            f"UPDATE {self._pipeline.name}.comments SET version = 2 WHERE id = {self._next_id}"
        )
        self._note(f"its update under FULL identity, {AFTERWARDS}", 0, raised, True)
        self._trial.judge(
            sizes(self._outcomes),
            rows_whole(self._events(), self._rows()),
            self._pipeline.task_state(),
        )
        self._trial.facts |= {"sizes": tuple(self._outcomes), "notes": NOTES}
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
        """Of the row of 512 KB, which the event has as it was and as it is."""
        self._pipeline.database.execute(
            f"UPDATE {self._pipeline.name}.comments SET version = 2, body = left(body, 400000) "
            "WHERE id = 1003"
        )
        self._note("update under FULL identity", 0, limit, True)

    def _note(self, path: str, size: int, limit: str, fits: bool) -> None:
        """What became of the row's event."""
        self._stored += 1
        outcome = self._await_event(self._stored)
        if outcome == STORED:
            size = len(self._last_event()[1])
        self._outcomes.append(SizeOutcome(path, size, outcome, limit or "none near", fits))

    def _await_event(self, count: int) -> str:
        """`stored`, what stopped the task, or that neither came: it was dropped silently."""

        def fate() -> str:
            if self._pipeline.stored() >= count:
                return STORED
            return self._pipeline.failure_reason("RecordTooLarge")

        with self._trial.progress.phase(f"event {count}"):
            try:
                return wait_until(
                    fate,
                    bool,
                    self._trial.patience_at_least(30),
                    "the event, or a failed task",
                    tolerate=(StackError,),
                )
            except NotInTime:
                return DROPPED

    def _restart_task(self) -> None:
        """Connect refuses while it rebalances after the change of its settings."""

        def running() -> bool:
            if not self._pipeline.state().running:
                self._pipeline.restart_task()
            return self._pipeline.state().running

        wait_until(
            running,
            bool,
            self._trial.patience(60),
            "the task to run again",
            every=timedelta(seconds=1),
            tolerate=(StackError,),
        )

    def _messages(self) -> list[tuple[bytes, bytes]]:
        reader = TopicReader(
            self._trial.broker,
            self._trial.group("rows"),
            [self._pipeline.topics["comments"]],
            self._trial.patience(30),
        )
        found = sorted(
            (m.timestamp()[1], m.partition(), m.offset(), m.key(), m.value())
            for batch in reader
            for m in batch
            if m.value() is not None
        )
        if not reader.complete:
            raise Inconclusive(
                "The events of large rows were not read to their end.", seen=str(reader.unreadable)
            )
        return [(key, value) for *_, key, value in found]

    def _last_event(self) -> tuple[bytes, bytes]:
        found = [m for m in self._messages() if json.loads(m[0])["id"] > 1000]
        if not found:
            raise Inconclusive("No event of a large row was read.")
        return found[-1]

    def _events(self) -> Mapping[int, str]:
        """Key -> digest of the large value in the last event."""
        events = (json.loads(value) for _, value in self._messages())
        rows = (event["after"] for event in events if event["after"])
        return {row["id"]: md5(row["body"].encode()).hexdigest() for row in rows}

    def _rows(self) -> Mapping[int, str]:
        query = f"SELECT id, md5(body) FROM {self._pipeline.name}.comments"
        return {row[0]: row[1] for row in self._pipeline.database.query(query)}
