"""Heals what a killed run left broken in a stack that others run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from confluent_kafka import KafkaException

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.errors import StackError
from support.stack.addresses import Endpoints
from support.stack.attached.address import reach_database
from support.stack.attached.fault_journal import FaultJournal
from support.stack.attached.inspection import inspect_connect, inspect_database
from support.waiting import wait_until

PATIENCE = timedelta(minutes=2)
"""A broker that crashed waits until its old session ends, then recovers its logs."""

EVERY = timedelta(milliseconds=500)


def heal(journal: FaultJournal, ends: Endpoints, baseline: Baseline) -> Iterator[str]:
    """Heals, and waits until every part serves again; yields what was done, as lines for people.

    Raises StackError or NotInTime.
    """
    brokers = {each for entry in journal.read().values() for each in entry.brokers}
    healed = list(journal.heal())
    yield from healed
    if not healed:
        return
    client = BrokerClient(ends.kafka)
    wait_until(
        client.brokers,
        lambda found: brokers <= set(found),
        PATIENCE,
        f"the brokers {sorted(brokers)} to be back",
        every=EVERY,
        tolerate=(KafkaException,),
    )
    _await(lambda: inspect_database(ends.database), "the database")
    # As Kafka Connect gets it: with the password that libpq found.
    database = reach_database(ends.database)
    _await(lambda: inspect_connect(ends.connect, baseline, database), "Kafka Connect")


def _await(inspect: Callable[[], Iterator[str]], named: str) -> None:
    wait_until(
        lambda: list(inspect()),
        bool,
        PATIENCE,
        f"{named} to answer",
        every=EVERY,
        tolerate=(StackError,),
    )
