"""A thin typed wrapper of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from support.clients.answer_limit import answered
from support.interruption import interruptible

TIMEOUT_S = 5
"""The longest duration of connecting to one address, unless connect_timeout says otherwise."""
LONGEST_TIMEOUT_S = 30
"""The same for connect_timeout=0, which means no end."""
DEAD_AFTER = {
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""libpq's parameters for noticing that the server's host does not answer any more: after 25 s
without traffic, and 30 s (in ms) after sending something."""
LONGEST_MS = 600_000
"""The longest duration of a statement, which might wait for a lock of another session."""
SILENCE_S = LONGEST_MS / 1000 + 30
"""The longest wait for the answer to a statement, which the server should end before."""

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
    with interruptible():
        connection = psycopg.connect(
            conninfo, **_limits(conninfo), autocommit=autocommit, cursor_factory=cursors
        )
        try:
            connection.execute(f"SET statement_timeout = {LONGEST_MS}".encode())
            # A rollback of this transaction would undo the setting.
            connection.commit()
        except BaseException:
            connection.close()
            raise
    return connection


def _limits(conninfo: str) -> dict[str, Any]:
    """The parameters that end connecting and waiting, except those that the user has set."""
    given = conninfo_to_dict(conninfo)
    limits: dict[str, Any] = {key: DEAD_AFTER[key] for key in DEAD_AFTER if key not in given}
    timeout = str(given.get("connect_timeout", TIMEOUT_S))
    if re.fullmatch(r"\s*(-\d+|[+]?0+)\s*", timeout):
        return {**limits, "connect_timeout": LONGEST_TIMEOUT_S}
    return limits if "connect_timeout" in given else {**limits, "connect_timeout": TIMEOUT_S}


class Database:
    """Runs each call over a new connection, which is closed afterwards."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Runs a statement and commits. Without parameters it may be several, separated by `;`."""
        with (
            interruptible(),
            connected(self._conninfo, autocommit=True) as connection,
            answered(connection, SILENCE_S),
        ):
            connection.execute(statement.encode(), parameters)

    def query(
        self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with (
            interruptible(),
            connected(self._conninfo) as connection,
            answered(connection, SILENCE_S),
        ):
            return connection.execute(statement.encode(), parameters).fetchall()

    def texts(self, statement: str) -> list[tuple[str | None, ...]]:
        """All rows of a query, with the values as PostgreSQL's texts: dates in ISO format and UTC,
        bytes as hexadecimal digits."""
        with (
            interruptible(),
            connected(self._conninfo) as connection,
            answered(connection, SILENCE_S),
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
