"""A thin typed wrapper of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from support.interruption import interruptible

LONGEST_MS = 600_000
"""No statement of the suite takes longer; one that waits for a lock of somebody else would."""

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
    """A connection on which no statement takes longer than LONGEST_MS; an interruption ends the
    waiting for it. What is done with it belongs into `interruptible` by itself."""
    with interruptible():
        connection = psycopg.connect(
            conninfo, connect_timeout=5, autocommit=autocommit, cursor_factory=cursors
        )
        try:
            connection.execute(f"SET statement_timeout = {LONGEST_MS}".encode())
            # A setting of a transaction that is rolled back would be gone.
            connection.commit()
        except BaseException:
            connection.close()
            raise
    return connection


class Database:
    """Runs statements over one connection for each call; nothing is kept open between calls."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Run and commit. A statement without parameters may hold several, split by `;`."""
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
        """All rows of a query, with values as PostgreSQL writes them: ISO dates, UTC, bytes as
        hexadecimal digits."""
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
