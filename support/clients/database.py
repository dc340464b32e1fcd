"""A thin typed wrapper of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from support.interruption import interruptible

TIMEOUT_S = 5
"""The longest duration of connecting to one address, unless connect_timeout says otherwise."""
LONGEST_MS = 600_000
"""The longest duration of a statement, which might wait for a lock of another session."""

TEXT_FORMS = (
    "SET datestyle TO ISO; SET timezone TO 'UTC'; SET bytea_output TO hex;"
    "SET intervalstyle TO postgres"
)


def connected(
    conninfo: str,
    *,
    autocommit: bool = False,
    cursors: type[psycopg.Cursor] | None = None,
) -> psycopg.Connection:
    """A connection on which no statement takes longer than LONGEST_MS.

    An interruption ends connecting. Its later use needs its own `interruptible`.
    """
    timeout = None if "connect_timeout" in conninfo_to_dict(conninfo) else TIMEOUT_S
    with interruptible():
        connection = psycopg.connect(
            conninfo, connect_timeout=timeout, autocommit=autocommit, cursor_factory=cursors
        )
        try:
            connection.execute(f"SET statement_timeout = {LONGEST_MS}".encode())
            # A rollback of this transaction would undo the setting.
            connection.commit()
        except BaseException:
            connection.close()
            raise
    return connection


class Database:
    """Runs each call over a new connection, which is closed afterwards."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Run a statement and commit. Without parameters it may be several, separated by `;`."""
        with (
            interruptible(),
            connected(self._conninfo, autocommit=True) as connection,
        ):
            connection.execute(statement.encode(), parameters)

    def query(
        self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with (
            interruptible(),
            connected(self._conninfo) as connection,
        ):
            return connection.execute(statement.encode(), parameters).fetchall()

    def texts(self, statement: str) -> list[tuple[str | None, ...]]:
        """All rows of a query, with the values as PostgreSQL's texts: dates in ISO format and UTC,
        bytes as hexadecimal digits."""
        with (
            interruptible(),
            connected(self._conninfo) as connection,
        ):
            connection.execute(TEXT_FORMS)
            result = connection.execute(statement.encode()).pgresult
            if result is None:
                return []
            encoding = connection.info.encoding
            return [
                tuple(
                    None if value is None else value.decode(encoding)
                    for value in (result.get_value(row, n) for n in range(result.nfields))
                )
                for row in range(result.ntuples)
            ]
