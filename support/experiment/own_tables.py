"""The captured tables in a trial's own schema: created, filled, and as they are in the end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import psycopg

from support import clock
from support.checks.cdc_writer import NAME, statements_accepted
from support.clients.database import Database
from support.experiment.experiment import Trial
from support.experiment.name_patterns import leaves_out_truncate, touched_columns
from support.experiment.own_schema import Names, carried_over
from support.generate.refusals import StatementRefused
from support.generate.tables import columns_at, create_tables, fill_tables, rows_of
from support.record.alterations import Alterations
from support.record.changes import WrittenChanges
from support.record.events import Columns, Tables

LOOK_EVERY_S = 1


class OwnTables:
    """Those of baseline/schema.sql in the schema `name`."""

    def __init__(self, trial: Trial, database: Database, name: str) -> None:
        self._trial, self._database, self._name = trial, database, name
        self._columns: Columns = {}
        """As they were created."""
        self._alterations = Alterations()
        self._looked_ns = 0

    def create(self) -> None:
        """With their seed rows."""
        create_tables(self._database, self._name, self._trial.stack.baseline.schema_sql)
        self._columns = self._look()

    def fill(self, total: int) -> dict[str, int]:
        """Have `total` rows; rows by table. Raises PromiseBroken when PostgreSQL refuses them."""
        try:
            return fill_tables(self._database, self._name, total)
        except StatementRefused as error:
            self._trial.judge(statements_accepted(WrittenChanges(refusals=[error.refusal])))
            self._trial.promise(NAME)
            raise

    def connector_settings(self) -> dict[str, str]:
        """The baseline's settings, with the names of this schema and its topics."""
        baseline = self._trial.stack.baseline.connector
        columns = {table: tuple(names) for table, names in self._columns.items()}
        names = Names(self._name, self._trial.name, baseline["topic.prefix"], columns)
        return carried_over(baseline, names)

    def watch(self) -> None:
        """Look at the columns, at most once a second: somebody may alter them at any time. A server
        that is not there is looked at later."""
        if clock.now_ns() - self._looked_ns >= LOOK_EVERY_S * clock.NS_PER_S:
            with suppress(psycopg.Error):
                self._look()

    def _look(self) -> Columns:
        self._looked_ns = clock.now_ns()
        lsn, columns = columns_at(self._database, self._name)
        self._alterations.note(lsn, columns)
        return columns

    def as_they_are(self, connector: Mapping[str, str]) -> Tables:
        """What PostgreSQL has now, and what these settings of the connector do to it."""
        now = self._look()
        return Tables(
            rows_of(self._database, self._name, now),
            now,
            self._columns,
            touched_columns(connector, self._name, now),
            leaves_out_truncate(connector),
            self._alterations.found,
        )
