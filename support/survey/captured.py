"""Which tables the team's connectors capture, from what was seen of Connect and PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from support.clients.topic_routes import Unmapped
from support.experiment.needs_of_team import TeamSeen
from support.survey.findings import ConnectFound, ConnectorFound, DatabaseFound, Findings, Table


@dataclass(frozen=True)
class Captured:
    """A table that a connector captures. `topic` is empty if it can't be derived, see `trouble`.

    `published` is False if the connector's publication lacks the table.
    """

    connector: ConnectorFound
    table: Table
    topic: str
    published: bool
    trouble: str = ""


def captured_tables(
    connect: ConnectFound | None, database: DatabaseFound | None
) -> tuple[Captured, ...]:
    """Returns the captured tables of all connectors, by connector and name."""
    if connect is None or database is None:
        return ()
    return tuple(
        _captured(each, table, database)
        for each in connect.team.connectors
        for table in database.tables
        if each.connector.captures(table.schema, table.name)
    )


def team_seen(found: Findings) -> TeamSeen | None:
    """Returns what was seen of the team; None if Kafka Connect or PostgreSQL did not report it."""
    connect, database = found.connect.found, found.database.found
    if connect is None or database is None or connect.team.trouble:
        return None
    team, tables = connect.team, captured_tables(connect, database)
    return TeamSeen(database.name, len(team.connectors), len(team.left_out), len(tables))


def _captured(found: ConnectorFound, table: Table, database: DatabaseFound) -> Captured:
    connector = found.connector
    topic = trouble = ""
    try:
        topic = connector.topic(table.schema, table.name)
    except Unmapped as error:
        trouble = str(error)
    tables = database.publications.get(connector.publication)
    # Without a publication of that name, or with one for all tables, there is nothing to compare.
    return Captured(found, table, topic, tables is None or str(table) in tables, trouble)
