"""Sabotage of the stack's own pipeline: its connector, its slot, its publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests

from support.clients.database import Database
from support.clients.slot import drop_slot
from support.experiment.cdc_topics import record_cdc_topics
from support.experiment.experiment import Experiment
from support.experiment.team_pipeline import TeamPipeline
from support.promises.cdc import CDC_TOPICS_CARRY_EVENTS
from support.promises.team_pipeline import ALL
from support.stack.capture import CONNECTOR
from support.waiting import wait_until
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.verdicts import described, failing
from tests.contract.seen_red import sees_red
from tests.contract.test_cdc import as_superuser

SOON = timedelta(seconds=20)
WAL = """
CREATE TABLE public.junk AS
    SELECT repeat(md5(n::text), 60) AS text FROM generate_series(1, 20000) n;
DROP TABLE public.junk
"""
"""Writes some 40 MB of write-ahead log that is not captured."""
OTHER = "somebodys_slot"


@pytest.fixture
def database(stack: SabotagedStack, trial: Experiment) -> Database:
    """Returns the stack's database, once the snapshot of its rows has arrived."""
    record_cdc_topics(trial)
    assert failing(trial, CDC_TOPICS_CARRY_EVENTS) == set(), described(trial)
    return Database(stack.endpoints.database.conninfo)


@contextmanager
def stopped(stack: SabotagedStack) -> Iterator[None]:
    """Stops the stack's connector, as its operator would, and resumes it."""
    url = f"{stack.endpoints.connect.url}/connectors/{CONNECTOR}"

    def state() -> set[str]:
        seen = requests.get(f"{url}/status", timeout=10).json()
        return {seen["connector"]["state"], *(task["state"] for task in seen["tasks"])}

    requests.put(f"{url}/stop", timeout=10).raise_for_status()
    try:
        wait_until(state, lambda seen: seen == {"STOPPED"}, SOON, "the connector to stop")
        yield
    finally:
        requests.put(f"{url}/resume", timeout=10).raise_for_status()
        wait_until(state, lambda seen: seen == {"RUNNING"}, SOON, "the connector to run")


@contextmanager
def server_limit(stack: SabotagedStack, size: str) -> Iterator[None]:
    """Sets max_slot_wal_keep_size for a while."""
    superuser = Database(as_superuser(stack))
    try:
        superuser.execute(f"ALTER SYSTEM SET max_slot_wal_keep_size = '{size}'")
        superuser.execute("SELECT pg_reload_conf()")
        yield
    finally:
        superuser.execute("ALTER SYSTEM RESET max_slot_wal_keep_size")
        superuser.execute("SELECT pg_reload_conf()")


@sees_red(
    "connectors running",
    "connector slots",
    "retained WAL",
    "events of changes",
    "CDC topics carry events",
)
def test_a_connector_that_is_stopped(
    stack: SabotagedStack, trial: Experiment, database: Database
) -> None:
    with stopped(stack), server_limit(stack, "64MB"):
        database.execute(WAL)
        TeamPipeline(trial).watch()
        record_cdc_topics(trial)
        found = failing(trial, *ALL, CDC_TOPICS_CARRY_EVENTS)
    assert found == {
        "connectors running",
        "connector slots",
        "retained WAL",
        "events of changes",
        "CDC topics carry events",
    }, described(trial)
    assert "is STOPPED" in described(trial)
    kept = re.search(r"is inactive, ([\d.]+) MB of WAL kept", described(trial))
    assert kept is not None
    assert float(kept[1]) > 35
    TeamPipeline(trial).watch()
    assert failing(trial, *ALL) == set(), described(trial)


@sees_red("abandoned slots")
def test_a_slot_that_nobody_reads(
    stack: SabotagedStack, trial: Experiment, database: Database
) -> None:
    database.query("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (OTHER,))
    try:
        database.execute(WAL)
        with server_limit(stack, "-1"):
            TeamPipeline(trial).watch()
        assert failing(trial, *ALL) == {"abandoned slots"}, described(trial)
        assert f"slot {OTHER} of database" in described(trial)
    finally:
        drop_slot(database, OTHER, SOON)


@sees_red("events of changes")
def test_a_table_that_leaves_the_publication(
    stack: SabotagedStack, trial: Experiment, database: Database
) -> None:
    publication = stack.baseline.connector["publication.name"]
    database.execute(f"ALTER PUBLICATION {publication} DROP TABLE public.users")
    try:
        TeamPipeline(trial).watch()
        assert failing(trial, *ALL) == {"events of changes"}, described(trial)
        assert f"ALTER PUBLICATION {publication} ADD TABLE public.users" in described(trial)
    finally:
        database.execute(f"ALTER PUBLICATION {publication} ADD TABLE public.users")
