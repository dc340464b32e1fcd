"""The row writer's connection to PostgreSQL, which is opened again after it was lost."""

from __future__ import annotations

import psycopg

from support.clients.database import connected
from support.generate.tables import COLUMNS
from support.generate.wal_position import has_side_effects


class WriterConnection:
    """Opens and closes one connection whose search path begins with `schema`."""

    def __init__(self, conninfo: str, schema: str) -> None:
        self._conninfo, self._schema = conninfo, schema
        self.current: psycopg.Connection | None = None
        self.side_effects = False
        """Whether the schema's statements may change more rows than they name."""

    def open(self) -> psycopg.Connection:
        """Opens a connection, which becomes `current`. Raises psycopg.Error."""
        self.current = connection = connected(self._conninfo, cursors=psycopg.ClientCursor)
        # For triggers and functions that name a table without its schema.
        connection.execute(f"SET search_path TO {self._schema}, public".encode())
        connection.commit()
        self.side_effects = has_side_effects(connection, self._schema)
        return connection

    def close(self) -> None:
        """Closes the connection, if there is one."""
        connection, self.current = self.current, None
        if connection is not None:
            connection.close()


def versions_in(connection: psycopg.Connection, schema: str) -> dict[str, dict[int, int]]:
    """Reads table -> key -> version of every row of the captured tables."""
    found: dict[str, dict[int, int]] = {}
    for table in COLUMNS:
        select = f"SELECT id, version FROM {schema}.{table}"
        found[table] = dict(connection.execute(select.encode()).fetchall())
    connection.rollback()
    return found
