"""A thin typed wrapper of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from support.interruption import interruptible


class Database:
    """Runs statements over one connection for each call; nothing is kept open between calls."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Run and commit. A statement without parameters may hold several, split by `;`."""
        with (
            interruptible(),
            psycopg.connect(self._conninfo, connect_timeout=5, autocommit=True) as connection,
        ):
            connection.execute(statement.encode(), parameters)

    def query(
        self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with (
            interruptible(),
            psycopg.connect(self._conninfo, connect_timeout=5) as connection,
        ):
            return connection.execute(statement.encode(), parameters).fetchall()
