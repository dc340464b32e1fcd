"""The embedded stack of each row of versions serves, captures, logs, and can be attached."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from support.clients.database import Database
from support.clients.slot import read_slot
from support.metrics.log_levels import has_levels
from support.progress import Progress
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.lifecycle import Stack
from support.waiting import wait_until
from tests.contract.every_target import (
    test_a_crashed_broker_comes_back_with_its_data_and_is_noticed,
    test_it_serves_and_its_topics_carry_events,
    test_its_logs_can_be_read,
)
from tests.contract.running import as_stack_of_others, running_stack

__all__ = [
    "test_a_crashed_broker_comes_back_with_its_data_and_is_noticed",
    "test_it_serves_and_its_topics_carry_events",
    "test_its_logs_can_be_read",
]

ROWS = [
    ("3.9.2", "3.1.3", "16"),
    ("4.0.2", "2.7.4", "16"),
    ("4.1.2", "3.3.2", "16"),
    ("4.3.1", "3.6.1", "16"),
    ("4.4.0", "3.7.0", "18"),
]
PATIENCE = timedelta(seconds=60)
CHANGE = "UPDATE public.users SET name = name || 'x'"


def stack_of(kafka: str, debezium: str, postgres: str, **more: str) -> EmbeddedStack:
    versions = {"kafka_version": kafka, "debezium_version": debezium, "postgres_version": postgres}
    return EmbeddedStack(Settings.load({**versions, **more}), Progress(io.StringIO()))


@pytest.fixture(scope="module", params=ROWS, ids="+".join)
def target(request: pytest.FixtureRequest) -> Iterator[EmbeddedStack]:
    with running_stack(stack_of(*request.param)) as running:
        yield running


def test_its_slot_is_confirmed(target: EmbeddedStack) -> None:
    before = confirmed(target)
    Database(target.endpoints.database.conninfo).execute(CHANGE)
    wait_until(lambda: confirmed(target) > before, bool, PATIENCE, "the slot to be confirmed")


def test_each_line_of_its_logs_has_a_level_and_nothing_is_printed(target: EmbeddedStack) -> None:
    logs = target.logs()
    for part in ("broker", "connect"):
        assert has_levels(logs[part].read_text(errors="replace"))
    assert "ERROR" not in (logs["connect"].parent / "connect.out").read_text()


def test_it_is_attached_as_a_stack_of_others(target: EmbeddedStack) -> None:
    with as_stack_of_others(target) as attached:
        test_it_serves_and_its_topics_carry_events(attached)
        assert target.versions["kafka"].rpartition(".")[0] in attached.versions["kafka"]


def confirmed(stack: Stack) -> int:
    """The LSN that the slot of the stack's connector has confirmed."""
    database = Database(stack.endpoints.database.conninfo)
    slot = read_slot(database, stack.baseline.connector["slot.name"])
    assert slot is not None, "there is no slot"
    return slot.confirmed_lsn
