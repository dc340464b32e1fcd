"""Problems that can be detected at the start are reported at the start, with the cause first."""

from __future__ import annotations

import pytest

from support.clients.broker import ConfigValue
from support.clients.obstacles import Capacity, OpenTransaction
from support.stack.internal_topics import unmakeable
from support.stack.replication import blocked_by, no_room

ONE = {"offsets.topic.replication.factor": ConfigValue("1", False)}
THREE = {"offsets.topic.replication.factor": ConfigValue("3", True)}
WORKER = {"config.storage.replication.factor": "1", "config.storage.topic": "connect-configs"}


@pytest.mark.parametrize(
    ("in_force", "brokers", "topics", "worker", "begin"),
    [
        (ONE, 1, (), WORKER, None),
        (THREE, 3, (), WORKER, None),
        (THREE, 1, ("__consumer_offsets",), WORKER, None),
        (
            THREE,
            1,
            (),
            WORKER,
            "The offsets topic can't be created: 3 replicas of 1 broker "
            "(offsets.topic.replication.factor=3)",
        ),
        (
            ONE,
            1,
            (),
            {**WORKER, "config.storage.replication.factor": "3"},
            "The topic connect-configs can't be created: 3 replicas of 1 broker "
            "(config.storage.replication.factor=3)",
        ),
        (ONE, 1, (), {**WORKER, "config.storage.replication.factor": "-1"}, None),
    ],
)
def test_more_replicas_than_brokers_are_reported_in_one_line(
    in_force: dict[str, ConfigValue],
    brokers: int,
    topics: tuple[str, ...],
    worker: dict[str, str],
    begin: str | None,
) -> None:
    problem = unmakeable(in_force, brokers, frozenset(topics), worker)
    message = None if problem is None else str(problem).splitlines()[0]
    assert message == begin if begin is None else str(message).startswith(begin)


SENDERS = tuple(f"pg_receivewal of ops (process {n}, no slot)" for n in (7, 8, 9, 10))


def test_a_server_without_a_free_wal_sender_names_who_holds_them() -> None:
    problem = no_room(Capacity(4, 10, SENDERS, ()))
    assert problem is not None
    message = str(problem)
    assert message.startswith("No WAL sender of PostgreSQL is free (max_wal_senders=4)")
    assert all(f"process {n}" in message for n in (7, 8, 9, 10))
    assert no_room(Capacity(5, 10, SENDERS, ())) is None


def test_a_server_without_a_free_slot_names_them() -> None:
    problem = no_room(Capacity(10, 1, (), ("old (no reader)",)))
    assert str(problem).startswith(
        "PostgreSQL has no replication slot left (max_replication_slots=1)"
    )
    assert "old (no reader)" in str(problem)


def test_an_open_transaction_is_the_cause_with_its_session_and_what_waits() -> None:
    session = OpenTransaction(
        "789",
        12,
        "session 12 of app has transaction 789, open since 02:41",
        "SELECT pg_terminate_backend(12)",
    )
    message = str(blocked_by([session], "kv_1"))
    assert message.startswith(
        "An open transaction prevents the creation of the replication slot kv_1"
    )
    assert "session 12 of app has transaction 789, open since 02:41" in message
    assert "SELECT pg_terminate_backend(12)" in message
