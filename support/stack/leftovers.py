"""What a run that was killed left on a stack: found by its name, and removed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import psutil
import psycopg
from confluent_kafka import KafkaException

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.readiness import READY_TOPIC
from support.clients.slot import drop_slot
from support.errors import Explained, NotInTime, StackError
from support.progress import Progress
from support.stack.addresses import Endpoints

OWNED = "kafka-validation"
"""Begins the name of every topic and group of ours; nothing else is ever deleted."""

PREFIX = "kafka_validation_run_"
"""Begins the name of every schema, slot, publication and connector of a trial."""

RUN = r"\d{8}-\d{6}-\d+-\d+"
NAMES = re.compile(
    rf"(__debezium-heartbeat\.)?{OWNED}-{RUN}([.-]|$)|{OWNED}-inspection-\d+$|{READY_TOPIC}$"
)
PIPELINES = re.compile(rf"{PREFIX}\d{{8}}_\d{{6}}_\d+_\d+$")
STARTED = re.compile(r"(\d{8})[-_](\d{6})[-_]\d+")
BY_PROCESS = re.compile(r"(\d{8}[-_]\d{6})[-_](\d+)[-_]\d+")
LONGEST_RUN = timedelta(hours=24)
"""With -D repeat a run can take hours."""
FOUND = """
SELECT slot_name FROM pg_replication_slots WHERE starts_with(slot_name, %(prefix)s)
UNION SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %(prefix)s)
UNION SELECT pubname FROM pg_publication WHERE starts_with(pubname, %(prefix)s)
"""
PATIENCE = timedelta(seconds=30)


def new_run_id(started: datetime) -> str:
    """Of a run of this process; what it makes is named by it, and found again by that name."""
    return f"{started:%Y%m%d-%H%M%S}-{os.getpid()}"


def left_pipelines(database: Database, connect: ConnectClient) -> list[str]:
    """Names of pipelines (schema, slot, publication, connector) that are there."""
    found = {str(name) for (name,) in database.query(FOUND, {"prefix": PREFIX})}
    found.update(connect.connectors())
    return sorted(name for name in found if PIPELINES.match(name))


def drop_pipeline(
    database: Database, connect: ConnectClient, name: str, within: timedelta = PATIENCE
) -> None:
    """The slot can go only when nobody reads it any more."""
    try:
        connect.delete(name)
    finally:
        drop_slot(database, name, within)
        database.execute(f"DROP PUBLICATION IF EXISTS {name}")
        database.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def of_runs(names: Iterable[str]) -> list[str]:
    """Topics and groups that carry the name of a run, that of an inspection, and the one record's
    by which readiness is proven; never another name that only begins alike."""
    return sorted(name for name in names if NAMES.match(name))


def recent(name: str, now: datetime) -> bool:
    """Whether the run in a name began so lately that it may still be going on; a name that does
    not tell may be in use."""
    found = STARTED.search(name)
    if found is None:
        return True
    try:
        began = datetime.strptime("".join(found.groups()), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return True
    return now - began < LONGEST_RUN


def lives(name: str, _now: datetime) -> bool:
    """Whether the process of the run in a name is alive on this host; also for a name that does
    not tell. For a stack of this host's own: a run of elsewhere is not seen."""
    found = BY_PROCESS.search(name)
    if found is None:
        return True
    try:
        began = psutil.Process(int(found[2])).create_time()
    except psutil.Error:
        return False
    # A later process that was given the same number is another one.
    started = datetime.strptime(found[1].replace("_", "-"), "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return began <= started.timestamp() + 1


def clean(
    endpoints: Endpoints,
    *,
    also_recent: bool,
    going_on: Callable[[str, datetime], bool] = recent,
) -> Iterator[str]:
    """Remove everything of ours from a stack that runs on; what became of it, for people.

    What belongs to a run that may be `going_on` is left, unless `also_recent`. Raises StackError
    when the stack can't be asked.
    """
    client, connect = BrokerClient(endpoints.bootstrap), ConnectClient(endpoints.connect_url)
    database, now = Database(endpoints.database.conninfo), clock.utc_now()
    try:
        pipelines = left_pipelines(database, connect)
        groups, topics = of_runs(client.groups()), of_runs(client.topics())
    except (KafkaException, NotInTime, psycopg.Error, OSError) as error:
        raise StackError("The stack can't be asked what is there.", seen=str(error)) from error
    kinds: tuple[tuple[str, list[str], Callable[[str], None]], ...] = (
        (
            "connector, slot, publication and schema",
            pipelines,
            lambda name: drop_pipeline(database, connect, name),
        ),
        ("group", groups, lambda name: client.delete_groups([name])),
        ("topic", topics, lambda name: client.delete_topics([name])),
    )
    for kind, names, remove in kinds:
        for name in names:
            if going_on(name, now) and not also_recent:
                yield f"left, its run may be going on (-D allow_destructive=yes): {kind} {name}"
                continue
            try:
                remove(name)
                yield f"removed: {kind} {name}"
            except (Explained, KafkaException, psycopg.Error) as error:
                yield f"NOT removed: {kind} {name}: {' '.join(str(error).split())[:200]}"


def clean_after_killed_runs(endpoints: Endpoints, progress: Progress) -> None:
    """Remove from a kept stack what runs that were killed made there, and say so."""
    try:
        for told in clean(endpoints, also_recent=False, going_on=lives):
            if not told.startswith("left"):
                progress.say(f"of a run that was killed, {told}")
    except StackError as error:
        progress.say(f"what killed runs left is not known: {error.what}")
