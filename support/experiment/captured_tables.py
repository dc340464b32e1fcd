"""The captured tables in a scenario's own schema: created, filled, and read at the end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import psycopg

from support import clock
from support.clients.database import Database
from support.experiment.carried_settings import Names, carried_over
from support.experiment.experiment import Experiment
from support.experiment.name_patterns import leaves_out_truncate, touched_columns
from support.generate.refusals import StatementRefused
from support.generate.tables import columns_at, create_tables, fill_tables, rows_of
from support.promises.cdc import STATEMENTS_ACCEPTED
from support.record.alterations import Alterations
from support.record.changes import CHANGES, WrittenChanges
from support.record.events import Columns
from support.record.tables import Tables

LOOK_EVERY_S = 1


class CapturedTables:
    """The tables of baseline/schema.sql in the schema `name`."""

    def __init__(self, experiment: Experiment, database: Database, name: str) -> None:
        self._experiment, self._database, self._name = experiment, database, name
        self._columns: Columns = {}
        """The columns as they were created."""
        self._alterations = Alterations()
        self._looked_ns = 0

    def create(self) -> None:
        """Creates the tables with their seed rows."""
        create_tables(self._database, self._name, self._experiment.stack.baseline.schema_sql)
        self._columns = self._look()

    def fill(self, total: int) -> dict[str, int]:
        """Writes rows until there are `total`; returns rows by table.

        Raises PromiseBroken when PostgreSQL refuses them.
        """
        try:
            return fill_tables(self._database, self._name, total)
        except StatementRefused as error:
            self._experiment.record.write(CHANGES, WrittenChanges(refusals=[error.refusal]))
            self._experiment.require(STATEMENTS_ACCEPTED)
            raise

    def connector_settings(self) -> dict[str, str]:
        """Returns the baseline's settings with the names of this schema and its topics."""
        baseline = self._experiment.stack.baseline.connector
        columns = {table: tuple(names) for table, names in self._columns.items()}
        prefix, prefix_before = self._experiment.name, baseline["topic.prefix"]
        return carried_over(baseline, Names(self._name, prefix, prefix_before, columns))

    def watch(self) -> None:
        """Looks at the columns, at most once a second, because they can be altered at any time.

        Does nothing while PostgreSQL is away.
        """
        if clock.now_ns() - self._looked_ns >= LOOK_EVERY_S * clock.NS_PER_S:
            with suppress(psycopg.Error):
                self._look()

    def as_they_are(self, connector: Mapping[str, str]) -> Tables:
        """Returns what PostgreSQL has now, and what these settings of the connector do to it."""
        now = self._look()
        return Tables(
            rows_by_table(rows_of(self._database, self._name, now)),
            now,
            self._columns,
            touched_columns(connector, self._name, now),
            leaves_out_truncate(connector),
            self._alterations.found,
        )

    def _look(self) -> Columns:
        self._looked_ns = clock.now_ns()
        lsn, columns = columns_at(self._database, self._name)
        self._alterations.note(lsn, columns)
        return columns


def rows_by_table(
    rows: Mapping[tuple[str, int], Mapping[str, str | None]],
) -> dict[str, dict[int, Mapping[str, str | None]]]:
    """Returns table -> key -> row."""
    found: dict[str, dict[int, Mapping[str, str | None]]] = {}
    for (table, key), row in rows.items():
        found.setdefault(table, {})[key] = row
    return found
