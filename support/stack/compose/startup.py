"""From the first container to a stack that serves and captures changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import psycopg

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.clients.database import Database
from support.errors import StackError
from support.progress import Progress
from support.stack.capture import Worker, capture_trouble, check_broker_settings, create_cdc_topics
from support.stack.compose.parts import ComposeParts
from support.stack.database import prepare_database
from support.stack.docker.container import Container
from support.stack.internal_topics import check_internal_topics
from support.stack.ports import Component, DatabaseAddress, Endpoints
from support.waiting import wait_until


def make_serve(
    parts: ComposeParts,
    ends: Endpoints,
    baseline: Baseline,
    broker_overrides: Mapping[str, str],
    patience: timedelta,
    progress: Progress,
) -> Exception | None:
    """Database prepared, broker ready, topics created, connector registered.

    Why change data capture is not available is returned; a database or a broker that does not
    serve, or that refuses a setting, raises StackError, NotInTime or SettingsError.
    """
    superuser = replace(ends.database, name="postgres", user="postgres")
    _await_database(superuser, parts[Component.POSTGRES], patience)
    prepare_database(superuser, baseline.schema_sql)
    parts[Component.BROKER].await_ready(patience)
    client = BrokerClient(ends.bootstrap)
    check_broker_settings(client, broker_overrides)
    check_internal_topics(client, baseline.worker)
    create_cdc_topics(client, baseline)
    part = parts[Component.CONNECT]
    worker = Worker(
        ends.connect_url,
        part.alive,
        part.last_words,
        lambda: part.log.read_text(errors="replace"),
    )
    return capture_trouble(worker, baseline, ends.database, patience, progress)


def _await_database(superuser: DatabaseAddress, part: Container, patience: timedelta) -> None:
    def answers() -> bool:
        if not part.alive():
            raise StackError("PostgreSQL ended while it started.", seen=part.tail())
        return Database(superuser.conninfo).query("SELECT 1") == [(1,)]

    wait_until(
        answers, bool, patience, "PostgreSQL to answer", tolerate=(psycopg.OperationalError,)
    )
