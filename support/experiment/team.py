"""The team's connectors, and the tables that they capture, on the stack of an experiment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.tables_of_database import (
    Table,
    has_rows,
    published_tables,
    tables_of,
)
from support.clients.team_connectors import PostgresConnector, TeamConnectors
from support.clients.topic_routes import Unmapped
from support.errors import Inconclusive, NotInTime, StackError
from support.experiment.experiment import Experiment
from support.record.capture import TaskRecord
from support.record.team_pipeline import ConnectorSeen
from support.stack.lifecycle import Stack
from support.stack.team import connectors_on
from support.waiting import wait_until

PASSING = {"UNASSIGNED", "RESTARTING"}
"""States in which connectors and tasks are during a rebalance of Kafka Connect."""
REBALANCE_S = 20
NONE_LEFT = "No connector can be judged."


class NoConnector(StackError):
    """Kafka Connect has no Debezium connector on the database."""


@dataclass(frozen=True)
class TeamTable:
    """A table that a connector captures. `topic` is empty if `unmapped` says why it is unknown."""

    connector: PostgresConnector
    table: Table
    topic: str
    unmapped: str = ""
    published: bool = True

    @property
    def named(self) -> bool:
        """Whether the connector's table.include.list has exactly this name."""
        names = self.connector.config.get("table.include.list", "").replace("\\", "").split(",")
        return self.table.qualified in [each.strip() for each in names]


@dataclass(frozen=True)
class Team:
    """The connectors on a database, and the tables that they capture."""

    connectors: Sequence[PostgresConnector]
    tables: Sequence[TeamTable]
    left_out: tuple[str, ...] = ()
    """Sentences about connectors that may be the team's and are not judged."""
    elsewhere: tuple[str, ...] = ()
    """Those of `left_out` about connectors that certainly read another database."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of the published tables, as far as they are known."""
        known = (each.topic for each in self.tables if each.topic and each.published)
        return tuple(dict.fromkeys(known))

    def tables_of(self, topic: str) -> list[Table]:
        """Returns the published tables whose events go to a topic."""
        return [each.table for each in self.tables if each.published and each.topic == topic]

    @property
    def doubts(self) -> tuple[str, ...]:
        """Sentences about connectors because of which the judged ones may not be all."""
        return tuple(each for each in self.left_out if each not in self.elsewhere)

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Why topics are not known."""
        doubts = (f"connector {c.name}: {each}" for c in self.connectors for each in c.unmapped)
        lacking = (f"{each.table.qualified}: {each.unmapped}" for each in self.tables)
        unknown = [each for each, table in zip(lacking, self.tables, strict=True) if table.unmapped]
        return tuple(dict.fromkeys((*doubts, *unknown)))


def connectors_of(stack: Stack) -> TeamConnectors:
    """Returns the team's connectors; on a stack of the suite the one that it registered.

    Raises StackError if Kafka Connect does not answer, NoConnector if it has none on this database,
    and Inconclusive if it has only some that can't be judged.
    """
    ends = stack.endpoints
    found = connectors_on(ends)
    if found.left_out and not found.judged:
        raise Inconclusive(NONE_LEFT, seen="; ".join(found.left_out))
    if not found.judged:
        raise NoConnector(
            f"Kafka Connect runs no Debezium connector on the database {ends.database.name}.",
            seen=f"none at {ends.connect.url}",
            cause="another database, another Kafka Connect, or a connector that was deleted",
            then="-D connect=URL and -D database=ADDRESS of the pipeline under test",
        )
    return found


def team_of(stack: Stack) -> Team:
    """Returns the team's connectors with their tables. Raises what connectors_of() raises."""
    found = connectors_of(stack)
    connectors = found.judged
    database = Database(stack.endpoints.database.conninfo)
    every = tables_of(database)
    captured = [each for c in connectors for each in captured_tables(c, every, database)]
    if any(each.unmapped for each in connectors):
        existing = BrokerClient(stack.endpoints.kafka).topics()
        captured = [certain(each, existing) for each in captured]
    return Team(connectors, captured, found.left_out, found.elsewhere)


def topics_to_judge(stack: Stack, team: Team, existing: Collection[str]) -> tuple[str, ...]:
    """Returns the team's topics that exist, and the missing ones.

    The topic of an empty table is left out: it need not exist yet.
    """
    database = Database(stack.endpoints.database.conninfo)
    return tuple(
        topic
        for topic in team.topics
        if topic in existing or any_row(database, team.tables_of(topic)) is not False
    )


def unsent(team: Team, existing: Collection[str]) -> Iterator[str]:
    """Yields the tables that a connector names and its publication lacks, and that have no topic.

    Team.topics does not have them, so no check of the topics judges them.
    """
    for each in team.tables:
        publication = each.connector.used_publication
        if publication and each.named and not each.published and each.topic not in existing:
            yield (
                f"{each.table.qualified}: connector {each.connector.name} names it, but its "
                f"publication {publication} lacks it, and it has no topic"
            )


def any_row(database: Database, tables: Sequence[Table]) -> bool | None:
    """Whether one of the tables has a row; None if that is not known, see has_rows()."""
    found = {has_rows(database, each) for each in tables}
    if True in found:
        return True
    return None if None in found else False


def certain(table: TeamTable, existing: Collection[str]) -> TeamTable:
    """Returns the table with its topic removed if the topic does not exist and the connector has
    settings that are not understood."""
    doubts = table.connector.unmapped
    if not doubts or table.topic in existing:
        return table
    return replace(table, topic="", unmapped="; ".join(doubts))


def states_of(
    experiment: Experiment, connectors: Sequence[PostgresConnector]
) -> list[ConnectorSeen]:
    """Returns connectors with the states that Kafka Connect reports, once a rebalance is over."""

    def observe() -> list[ConnectorSeen]:
        return [_state_of(experiment, each) for each in connectors]

    with suppress(NotInTime):
        wait_until(observe, _final, experiment.patience(REBALANCE_S), "a rebalance to end")
    return observe()


def _final(seen: Sequence[ConnectorSeen]) -> bool:
    states = {each for c in seen for each in (c.state.connector, *c.state.tasks)}
    return not states & PASSING


def _state_of(experiment: Experiment, connector: PostgresConnector) -> ConnectorSeen:
    return ConnectorSeen(
        connector.name,
        task_record(ConnectClient(experiment.stack.endpoints.connect), connector.name),
        connector.slot,
        connector.used_publication,
        connector.heartbeat_ms,
    )


def task_record(client: ConnectClient, name: str) -> TaskRecord:
    """Returns the states of a connector, also if Kafka Connect does not report them."""
    try:
        state = client.state(name)
    except StackError as error:
        return TaskRecord("unknown", (), trouble=str(error))
    return TaskRecord(state.connector, state.tasks, state.trace)


def captured_tables(
    connector: PostgresConnector, every: Sequence[Table], database: Database
) -> Iterator[TeamTable]:
    """Yields the tables that pass the connector's filters.

    Of a partitioned table, the publication decides whether events have the name of the root or
    those of the partitions; without a publication they have those of the partitions.
    """
    publication = connector.used_publication
    published = published_tables(database, publication) if publication else None
    for table in every:
        there = (table.schema, table.name) in published if published is not None else table.sends
        if not connector.captures(table.schema, table.name) or not (there or table.plain):
            continue
        try:
            topic, why = connector.topic(table.schema, table.name), ""
        except Unmapped as error:
            topic, why = "", str(error)
        yield TeamTable(connector, table, topic, why, there)
