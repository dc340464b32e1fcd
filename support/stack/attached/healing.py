"""Before anything else is done with a stack of others: what a killed run left broken is healed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from confluent_kafka import KafkaException

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.errors import StackError
from support.stack.attached.broken import BrokenNote
from support.stack.attached.inspection import inspect_connect, inspect_database
from support.stack.ports import Endpoints
from support.waiting import wait_until

PATIENCE = timedelta(minutes=2)
"""A broker that crashed waits out its session, and recovers its logs."""

EVERY = timedelta(milliseconds=500)


def heal(note: BrokenNote, ends: Endpoints, baseline: Baseline) -> Iterator[str]:
    """What was done, for people; every part serves again then. Raises StackError or NotInTime."""
    brokers = {each for entry in note.read().values() for each in entry["brokers"]}
    told = list(note.heal())
    yield from told
    if not told:
        return
    client = BrokerClient(ends.bootstrap)
    wait_until(
        client.brokers,
        lambda found: brokers <= set(found),
        PATIENCE,
        f"the brokers {sorted(brokers)} to be back",
        every=EVERY,
        tolerate=(KafkaException,),
    )
    wait_until(
        lambda: list(inspect_connect(ends.connect_url, baseline, ends.database)),
        bool,
        PATIENCE,
        "Kafka Connect to answer",
        every=EVERY,
        tolerate=(StackError,),
    )
    wait_until(
        lambda: list(inspect_database(ends.database)),
        bool,
        PATIENCE,
        "the database to answer",
        every=EVERY,
        tolerate=(StackError,),
    )
