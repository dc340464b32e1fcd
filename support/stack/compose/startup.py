"""From containers that run to a stack that serves clients and captures changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import psycopg

from support.baseline import Baseline
from support.clients.database import Database
from support.errors import StackError
from support.progress import Progress
from support.stack.addresses import DatabaseAddress, Endpoints
from support.stack.compose.parts import ComposeParts
from support.stack.database import prepare_database
from support.stack.docker.container import Container
from support.stack.docker.worker import worker_in
from support.stack.lifecycle import Component
from support.stack.serving import make_serve
from support.waiting import wait_until


def start_serving(
    parts: ComposeParts,
    ends: Endpoints,
    baseline: Baseline,
    broker_overrides: Mapping[str, str],
    patience: timedelta,
    progress: Progress,
) -> StackError | None:
    """Prepares the database, then make_serve(): see there. Raises NotInTime as well, when the
    database does not answer in time."""
    superuser = ends.database.of(name="postgres", user="postgres")
    _await_database(superuser, parts[Component.POSTGRES], patience)
    prepare_database(superuser, baseline.schema_sql)
    return make_serve(
        parts[Component.BROKER],
        worker_in(parts[Component.CONNECT], ends.connect),
        ends.database,
        baseline,
        broker_overrides,
        patience,
        progress,
    )


def _await_database(superuser: DatabaseAddress, part: Container, patience: timedelta) -> None:
    def answers() -> bool:
        if not part.alive():
            raise StackError("PostgreSQL ended while it started.", seen=part.tail())
        return Database(superuser.conninfo).query("SELECT 1") == [(1,)]

    wait_until(
        answers, bool, patience, "PostgreSQL to answer", tolerate=(psycopg.OperationalError,)
    )
