"""A CDC pipeline for one scenario: tables, slot, publication, connector and topics.

Everything is named after the run and the scenario, so that nothing of others is touched, and is
dropped when the scenario ends. What a crashed run left is dropped by the next run that makes a
pipeline, because a slot without a reader fills the disk of its server. On a stack that others use,
`make clean-remote` drops it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import psycopg

from support import clock
from support.checks.cdc_settled import slot_lost
from support.clients.database import Database
from support.clients.slot import read_slot
from support.errors import Inconclusive, NotInTime, StackError
from support.experiment.broker_watch import BrokerWatch
from support.experiment.captured_tables import CapturedTables
from support.experiment.connector import Connector
from support.experiment.experiment import Experiment
from support.generate.refusals import connection_lost
from support.generate.tables import COLUMNS
from support.record.capture import TASK
from support.record.slots import LOST, Slot
from support.record.tables import Tables
from support.stack.capabilities import ConnectControl, DatabaseControl, needed
from support.stack.capture import own_topics
from support.stack.isolated import IsolatedWorker, UpgradeControl, Version
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
"""If the first event takes longer, an open transaction may prevent the creation of the slot."""


class Pipeline:
    """Implements faults.capture_restart.Capture."""

    def __init__(self, experiment: Experiment, worker: IsolatedWorker | None = None) -> None:
        """`worker` runs the connector instead of the stack's own worker."""
        self._experiment, self._worker = experiment, worker
        endpoints = experiment.stack.endpoints
        self.name = f"{PREFIX}{experiment.run.replace('-', '_')}_{experiment.number}"
        """The name of schema, slot, publication and connector."""
        self.conninfo = endpoints.database.conninfo
        self.database = Database(self.conninfo)
        self.topics = {table: f"{experiment.name}.{self.name}.{table}" for table in COLUMNS}
        self.connector = Connector(self.name, worker.address if worker else endpoints.connect)
        self.captured = CapturedTables(experiment, self.database, self.name)
        self.broker = BrokerWatch(experiment)

    # -- life ----------------------------------------------------------------------------

    def create_tables(self) -> None:
        """Creates the three tables with their seed rows, and drops what crashed runs left.

        Raises StackError when PostgreSQL has no room for the slot, Inconclusive when an open
        transaction would keep the slot from being made.
        """
        experiment = self._experiment
        if not experiment.stack.shared:
            for name in left_pipelines(self.database, self.connector.client):
                self._drop(name)
        check_room(self.database)
        await_no_open_transaction(self.database, self.name, experiment.patience(60))
        experiment.cleanup.callback(self._drop, self.name)
        self.captured.create()

    def use_default_identity(self) -> None:
        """From now on events have only the key of a row before its change."""
        for table in COLUMNS:
            self.database.execute(f"ALTER TABLE {self.name}.{table} REPLICA IDENTITY DEFAULT")

    def register(self, extra: Mapping[str, str]) -> None:
        """Creates the topics and the connector, with `extra` settings. Returns at once."""
        self.create_topics()
        self.change(extra)

    def create_topics(self) -> None:
        """Creates the topics of the tables, and the others that the connector writes to."""
        topic = self._experiment.stack.baseline.topic
        for name in self.topics.values():
            self._experiment.add_topic(name, topic)
        for name in own_topics(self._experiment.name):
            self._experiment.add_topic(name, {**topic, "partitions": "1"})

    def change(self, extra: Mapping[str, str]) -> None:
        """Registers the connector, or changes it, with `extra` settings."""
        self.connector.register({**self._settings(), **extra})

    def _settings(self) -> dict[str, str]:
        stack = self._experiment.stack
        return {
            # The worker may have the files of certificates elsewhere: -D connector.database.*.
            **stack.endpoints.database.connector_settings,
            **self.captured.connector_settings(),
            "topic.prefix": self._experiment.name,
            "slot.name": self.name,
            "publication.name": self.name,
            "schema.include.list": self.name,
        }

    def _drop(self, name: str) -> None:
        within = self._experiment.patience(30)
        drop_pipeline(self.database, self.connector.client, name, within)

    # -- observations --------------------------------------------------------------------

    def tables(self) -> Tables:
        """Returns what PostgreSQL has now, and what the connector's settings do to it."""
        return self.captured.as_they_are(self.connector.settings)

    def record_task(self) -> None:
        """Records the states of the connector and its task."""
        self._experiment.record.write(TASK, self.connector.task_record())

    def slot(self) -> Slot | None:
        """Returns the slot; None without a slot, or without a server to ask."""
        try:
            return read_slot(self.database, self.name)
        except psycopg.OperationalError as error:
            if not connection_lost(error, broken=True):
                raise
            return None

    def stored(self) -> int:
        """Returns the number of records in the three topics."""
        client = self._experiment.broker
        return sum(sum(client.end_offsets(topic).values()) for topic in self.topics.values())

    def written_lsn(self) -> int:
        """Returns the end of the server's write-ahead log."""
        ((position,),) = self.database.query("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return int(position)

    def failed(self) -> str:
        """Returns why no event can arrive any more; empty while the task has not FAILED."""
        failure = self.failure()
        return f"the connector's task FAILED: {failure}" if failure else ""

    def await_events(
        self,
        count: int,
        within: timedelta,
        what: str,
        given_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """Waits until `count` events are stored, or `given_up` says that no more will come.

        Raises Inconclusive when the task fails before that or the slot can't be made, NotInTime
        when they are not stored in time.
        """
        began_ns, blocking = clock.now_ns(), Blocking(self.database, self.name)

        def seen() -> int:
            stored = self._stored_or_failed(count)
            slow = stored == 0 and clock.now_ns() - began_ns > SLOW_S * clock.NS_PER_S
            if slow and self._being_made():
                blocking.look()
            self._experiment.progress.update(f"{what}: {stored:,} of {count:,} events")
            return stored

        def enough(stored: int) -> bool:
            return stored >= count or given_up()

        try:
            awaited = f"{count} events: {what}"
            wait_until(seen, enough, within, awaited, every=LOOK_EVERY, tolerate=(StackError,))
        except NotInTime as error:
            if self._being_made() and (found := blocking.look()):
                raise blocked_by(found, self.name) from error
            raise

    def _stored_or_failed(self, count: int) -> int:
        stored = self.stored()
        failure = self.failure() if stored < count else ""
        # If enough events are stored, the checks judge the failed task.
        if failure and (stored := self.stored()) < count:
            raise Inconclusive(f"The connector's task FAILED: {failure}", then="make logs")
        return stored

    def _being_made(self) -> bool:
        """Whether the slot still waits for open transactions: it has confirmed nothing yet."""
        slot = self.slot()
        return slot is not None and slot.confirmed_lsn == 0

    # -- faults.capture_restart.Capture --------------------------------------------------

    def reader_pid(self) -> int | None:
        """Returns the server process that feeds the connector; None while none does."""
        slot = self.slot()
        return slot.active_pid if slot else None

    def restart_connector(self) -> None:
        """Restarts the connector and its task."""
        self.connector.restart()

    def restart_task(self) -> None:
        """Restarts the connector's task."""
        self.connector.restart_task()

    def failure(self) -> str:
        """Returns the first line of a failed task's trace; empty when none has FAILED."""
        return self.connector.failure()

    def lost(self) -> str:
        """Returns why the slot can never be read again; empty while it can."""
        slot = self.slot()
        return slot_lost(self.name, slot) if slot and slot.wal_status == LOST else ""

    def worker(self) -> PartControl:
        """Returns the process of the Connect worker. Raises Unavailable without control of it."""
        if self._worker is not None:
            return self._worker.process
        return needed(self._experiment.stack, ConnectControl).connect_worker()

    def upgrade_worker(self) -> None:
        """Lets the stopped worker start in the version after an upgrade."""
        needed(self._experiment.stack, UpgradeControl).upgrade().use_worker(Version.AFTER)

    def database_server(self) -> PartControl:
        """Returns the process of PostgreSQL. Raises Unavailable without control of it."""
        return needed(self._experiment.stack, DatabaseControl).database_server()
