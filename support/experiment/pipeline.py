"""A CDC pipeline of a trial's own: tables, slot, publication, connector and topics.

Everything is named by the run and the trial, so that nothing of anybody else's is touched, and is
dropped with the trial. What a crashed run left is dropped by the next one that makes a pipeline
(on a stack that others use: by `make clean-remote`): a slot that nobody reads fills its server's
disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import psycopg

from support import clock
from support.checks.cdc_recovery import task_state
from support.checks.cdc_settled import slot_lost
from support.clients.connect import ConnectClient, ConnectorState
from support.clients.database import Database
from support.clients.slot import read_slot
from support.errors import Inconclusive, NotInTime, StackError, Unavailable
from support.experiment.broker_watch import BrokerWatch
from support.experiment.experiment import Trial
from support.experiment.own_tables import OwnTables
from support.generate.refusals import connection_lost
from support.generate.tables import COLUMNS
from support.record.events import Tables
from support.record.slots import LOST, Slot
from support.results.schema import Check
from support.stack.capabilities import ConnectControl, DatabaseControl
from support.stack.capture import own_topics
from support.stack.isolated import IsolatedWorker
from support.stack.leftovers import PREFIX, drop_pipeline, left_pipelines
from support.stack.lifecycle import PartControl
from support.stack.replication import (
    Blocking,
    await_no_open_transaction,
    blocked_by,
    check_room,
)
from support.waiting import wait_until

SLOW_S, LOOK_EVERY = 5, timedelta(milliseconds=200)
"""A connector's first event takes less, unless its slot can't be made."""

JSON = "org.apache.kafka.connect.json.JsonConverter"
WRAPPED = {
    f"{part}.converter{key}": value
    for part in ("key", "value")
    for key, value in (("", JSON), (".schemas.enable", "true"))
}
"""Settings of a connector whose events come with their schema."""


class Pipeline:
    """Implements faults.capture_restart.Capture."""

    def __init__(self, trial: Trial, spare: IsolatedWorker | None = None) -> None:
        self._trial, self._spare = trial, spare
        endpoints = trial.stack.endpoints
        self.name = f"{PREFIX}{trial.run.replace('-', '_')}_{trial.number}"
        """Of schema, slot, publication and connector."""
        self.conninfo = endpoints.database.conninfo
        self.database = Database(self.conninfo)
        self.topics = {table: f"{trial.name}.{self.name}.{table}" for table in COLUMNS}
        self._connect = ConnectClient(spare.url if spare else endpoints.connect_url)
        self._registered: Mapping[str, str] = {}
        self.own = OwnTables(trial, self.database, self.name)
        self.broker = BrokerWatch(trial)

    # -- life ----------------------------------------------------------------------------

    def create_tables(self) -> None:
        """The three tables with their seed rows; after what crashed runs left is dropped.

        Raises StackError when PostgreSQL has no room for the slot, Inconclusive when an open
        transaction would keep it from being made.
        """
        if not self._trial.stack.shared:
            for name in left_pipelines(self.database, self._connect):
                self._drop(name)
        check_room(self.database)
        await_no_open_transaction(self.database, self.name, self._trial.patience(60))
        self._trial.cleanup.callback(self._drop, self.name)
        self.own.create()

    def use_default_identity(self) -> None:
        """From now on events tell the key only of a row before a change."""
        for table in COLUMNS:
            self.database.execute(f"ALTER TABLE {self.name}.{table} REPLICA IDENTITY DEFAULT")

    def register(self, extra: Mapping[str, str]) -> None:
        """Create the topics and the connector; `extra` settings of it. Returns at once."""
        self.create_topics()
        self.change(extra)

    def create_topics(self) -> None:
        """Those of the tables, and those to which the connector writes besides."""
        topic = self._trial.stack.baseline.topic
        for name in self.topics.values():
            self._trial.add_topic(name, topic)
        for name in own_topics(self._trial.name):
            self._trial.add_topic(name, {**topic, "partitions": "1"})

    def change(self, extra: Mapping[str, str]) -> None:
        """Register the connector, or change it, with `extra` settings."""
        self._registered = {**self._config(), **extra}
        self._connect.put_config(self.name, self._registered)

    def _config(self) -> dict[str, str]:
        stack = self._trial.stack
        return {
            **self.own.connector_settings(),
            **stack.endpoints.database.connector_settings,
            "topic.prefix": self._trial.name,
            "slot.name": self.name,
            "publication.name": self.name,
            "schema.include.list": self.name,
        }

    def tables(self) -> Tables:
        """What PostgreSQL has now, and what the connector's settings do to it."""
        return self.own.as_they_are(self._registered)

    def _drop(self, name: str) -> None:
        drop_pipeline(self.database, self._connect, name, self._trial.patience(30))

    # -- what is seen of it --------------------------------------------------------------

    def slot(self) -> Slot | None:
        """None when there is no slot, or no server that could tell."""
        try:
            return read_slot(self.database, self.name)
        except psycopg.OperationalError as error:
            if not connection_lost(error, broken=True):
                raise
            return None

    def stored(self) -> int:
        """Records in the three topics."""
        client = self._trial.broker
        return sum(sum(client.end_offsets(topic).values()) for topic in self.topics.values())

    def lost(self) -> str:
        """Why nobody can ever read the slot again; empty while somebody can."""
        slot = self.slot()
        return slot_lost(self.name, slot) if slot and slot.wal_status == LOST else ""

    def committed_lsn(self) -> int | None:
        """The source offset that Connect has committed. Raises OffsetsUnknown."""
        return self._connect.committed_lsn(self.name)

    def setting(self, key: str, default: str) -> str:
        """A setting of the connector as it was registered."""
        return self._registered.get(key, default)

    def written_lsn(self) -> int:
        """Where the server's write-ahead log ends now."""
        ((position,),) = self.database.query("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return int(position)

    def failed(self) -> str:
        """Why no event can come any more, in words; empty while its task has not FAILED."""
        failure = self.failure()
        return f"the connector's task FAILED: {failure}" if failure else ""

    def state(self) -> ConnectorState:
        """As Connect tells it."""
        return self._connect.state(self.name)

    def failure_reason(self, mark: str) -> str:
        """The line with `mark` in a failed task's trace, else its first; empty when none failed."""
        failure, trace = self.failure(), self.state().trace
        telling = [line.strip() for line in trace.splitlines() if mark in line]
        return (telling or [failure])[0] if failure else ""

    def task_state(self) -> Check:
        """Judged by Connect's word; a worker that does not answer is no running task."""
        try:
            state = self._connect.state(self.name)
        except StackError as error:
            return task_state(False, "unknown", str(error))
        told = f"connector {state.connector}, tasks {', '.join(state.tasks) or 'none'}"
        return task_state(state.running, told, state.trace)

    def await_events(
        self,
        count: int,
        within: timedelta,
        what: str,
        given_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """Until so many records are stored, or `given_up` says that no more will come. Raises
        Inconclusive when its task fails before that, or its slot can't be made."""
        began_ns, blocking = clock.now_ns(), Blocking(self.database, self.name)

        def seen() -> int:
            stored = self.stored()
            failure = self.failure() if stored < count else ""
            # One that fails when enough is stored is judged by the checks.
            if failure and (stored := self.stored()) < count:
                raise Inconclusive(f"The connector's task FAILED: {failure}", then="make logs")
            slow = stored == 0 and clock.now_ns() - began_ns > SLOW_S * clock.NS_PER_S
            if slow and self._being_made():
                blocking.look()
            self._trial.progress.update(f"{what}: {stored:,} of {count:,} events")
            return stored

        try:
            wait_until(
                seen,
                lambda stored: stored >= count or given_up(),
                within,
                f"{count} events: {what}",
                every=LOOK_EVERY,
                tolerate=(StackError,),
            )
        except NotInTime as error:
            if self._being_made() and (found := blocking.look()):
                raise blocked_by(found, self.name) from error
            raise

    def _being_made(self) -> bool:
        """A slot that waits for open transactions has confirmed nothing yet."""
        slot = self.slot()
        return slot is not None and slot.confirmed_lsn == 0

    # -- faults.capture_restart.Capture --------------------------------------------------

    def reader_pid(self) -> int | None:
        slot = self.slot()
        return slot.active_pid if slot else None

    def restart_connector(self) -> None:
        self._connect.restart(self.name)

    def restart_task(self) -> None:
        self._connect.restart_task(self.name, 0)

    def failure(self) -> str:
        state = self._connect.state(self.name)
        failed = "FAILED" in (state.connector, *state.tasks)
        return (state.trace.splitlines() or ["without a trace"])[0] if failed else ""

    def worker(self) -> PartControl:
        if self._spare is not None:
            return self._spare.process
        stack = self._trial.stack
        if not isinstance(stack, ConnectControl):
            raise Unavailable("This target's Connect worker can't be stopped by the suite.")
        return stack.connect_worker()

    def database_server(self) -> PartControl:
        stack = self._trial.stack
        if not isinstance(stack, DatabaseControl):
            raise Unavailable("This target's database can't be stopped by the suite.")
        return stack.database_server()
