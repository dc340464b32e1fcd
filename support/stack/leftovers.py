"""Finds and removes, by their names, what killed runs left on a stack."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import psutil
import psycopg
from confluent_kafka import KafkaException

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.first_contact import first_contact
from support.clients.kafka_address import READY_TOPIC
from support.clients.slot import drop_slot
from support.clients.team_connectors import SUITES_OWN
from support.errors import Explained, NotInTime, StackError
from support.progress import Progress
from support.removal import remove_each, with_notes
from support.stack.addresses import Endpoints

OWNED = "kafka-validation"
"""The prefix of the suite's topics and groups; nothing else is ever deleted."""

PREFIX = "kafka_validation_run_"
"""The prefix of the schemas, slots, publications and connectors of scenarios."""

READY, INSPECTION = "ready", "inspection"
"""Ends of the names of objects that a run creates for itself, not for a scenario."""
RUN = r"\d{8}-\d{6}-\d+"
NAMES = re.compile(
    rf"(__debezium-heartbeat\.)?{OWNED}-{RUN}-(\d+([.-]|$)|({READY}|{INSPECTION})$)"
    # Names without a time: earlier versions used them on every stack.
    rf"|{OWNED}-inspection-\d+$|{READY_TOPIC}$"
)
PIPELINES = SUITES_OWN
STARTED = re.compile(r"(\d{8})[-_](\d{6})[-_]\d+")
BY_PROCESS = re.compile(r"(\d{8}[-_]\d{6})[-_](\d+)[-_]")
PIPELINE = "connector, slot, publication and schema"
LONGEST_RUN = timedelta(hours=24)
"""With -D repeat a run can take hours."""
FOUND = """
SELECT slot_name FROM pg_replication_slots WHERE starts_with(slot_name, %(prefix)s)
UNION SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %(prefix)s)
UNION SELECT pubname FROM pg_publication WHERE starts_with(pubname, %(prefix)s)
"""
PATIENCE = timedelta(seconds=30)


def new_run_id(started: datetime) -> str:
    """The id of a run of this process. Everything that it creates is named after it."""
    return f"{started:%Y%m%d-%H%M%S}-{os.getpid()}"


def name_of_run(run_id: str, what: str) -> str:
    """The name of a topic or group that a run creates for itself: READY or INSPECTION."""
    return f"{OWNED}-{run_id}-{what}"


def left_pipelines(database: Database, connect: ConnectClient) -> list[str]:
    """The names of existing pipelines (schema, slot, publication and connector have one name)."""
    found = {str(name) for (name,) in database.query(FOUND, {"prefix": PREFIX})}
    found.update(connect.connectors())
    return sorted(name for name in found if PIPELINES.match(name))


def drop_pipeline(
    database: Database, connect: ConnectClient, name: str, within: timedelta = PATIENCE
) -> None:
    """Deletes the connector, and then what it used: a slot can't be dropped while it is read.

    What can't be removed does not keep the rest. Raises the first error, see remove_each().
    """
    remove_each(
        lambda: connect.delete(name),
        lambda: drop_slot(database, name, within),
        lambda: database.execute(f"DROP PUBLICATION IF EXISTS {name}"),
        lambda: database.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE"),
    )


def of_runs(names: Iterable[str]) -> list[str]:
    """The topics and groups among `names` that a run or an inspection created, sorted.

    A name that only begins with the same prefix is not one of them.
    """
    return sorted(name for name in names if NAMES.match(name))


def recent(name: str, now: datetime) -> bool:
    """Whether the run that a name contains is so recent that it may still be active.

    True for a name without a run.
    """
    found = STARTED.search(name)
    if found is None:
        return True
    try:
        began = datetime.strptime("".join(found.groups()), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return True
    return now - began < LONGEST_RUN


def lives(name: str, _now: datetime) -> bool:
    """Whether the process of the run that a name contains is alive on this host.

    True for a name without a run. Only for a stack that no other host uses: the processes of runs
    on other hosts are not visible.
    """
    found = BY_PROCESS.search(name)
    if found is None:
        return True
    try:
        began = psutil.Process(int(found[2])).create_time()
    except psutil.Error:
        return False
    # A process that began after the run was given the same pid.
    started = datetime.strptime(found[1].replace("_", "-"), "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return began <= started.timestamp() + 1


def clean(
    endpoints: Endpoints,
    *,
    also_recent: bool,
    active: Callable[[str, datetime], bool] = recent,
) -> Iterator[str]:
    """Removes what runs left on a stack; yields a line for people about each object.

    `active`: whether the run that a name contains may still be active. The objects of such a run
    are removed only with `also_recent`. Raises StackError if the stack does not answer.
    """
    client, connect = BrokerClient(endpoints.kafka), ConnectClient(endpoints.connect)
    database, now = Database(endpoints.database.conninfo), clock.utc_now()
    try:
        first_contact(endpoints.kafka)
        pipelines = left_pipelines(database, connect)
        groups, topics = of_runs(client.groups()), of_runs(client.topics())
    except (KafkaException, NotInTime, psycopg.Error, OSError) as error:
        raise StackError("The stack does not answer.", seen=str(error)) from error
    kinds: tuple[tuple[str, list[str], Callable[[str], None]], ...] = (
        (PIPELINE, pipelines, partial(drop_pipeline, database, connect)),
        ("group", groups, lambda name: client.delete_groups([name])),
        ("topic", topics, lambda name: client.delete_topics([name])),
    )
    for kind, names, remove in kinds:
        for name in names:
            if active(name, now) and not also_recent:
                yield f"left, its run may be active (-D allow_destructive=yes): {kind} {name}"
            else:
                yield _removed(kind, name, remove)


def _removed(kind: str, name: str, remove: Callable[[str], None]) -> str:
    """Removes one object. Returns a line for people: what was removed, or why it was not."""
    try:
        remove(name)
        return f"removed: {kind} {name}"
    except (Explained, KafkaException, psycopg.Error) as error:
        return f"NOT removed: {kind} {name}: {' '.join(with_notes(error).split())[:400]}"


def clean_after_killed_runs(endpoints: Endpoints, progress: Progress) -> None:
    """Removes what killed runs created on a stack that was left running, and reports it."""
    try:
        for line in clean(endpoints, also_recent=False, active=lives):
            if not line.startswith("left"):
                progress.say(f"of a killed run, {line}")
    except StackError as error:
        progress.say(f"leftovers of killed runs could not be removed: {error.what}")
