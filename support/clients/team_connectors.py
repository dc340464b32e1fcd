"""The team's Debezium PostgreSQL connectors, as Kafka Connect has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from support.clients.captured_names import alters_column, captures_column, captures_table
from support.clients.connect import ConnectClient
from support.clients.http_troubles import Refused
from support.clients.topic_routes import (
    STRATEGY,
    UNWRAP,
    Unmapped,
    topic_of,
    topic_prefix,
    transforms,
    unmapped_transforms,
)
from support.errors import StackError
from support.record.capture_in_force import HIDDEN

PGOUTPUT = "pgoutput"
"""The plug-in that sends only what a publication has; Debezium's default is another one."""
CONNECTOR = re.compile(r"(.*[.$])?\w*PostgresConnector|Postgres")
"""Debezium's class, the short forms that Connect accepts, and subclasses named after it."""

SUITES_OWN = re.compile(r"kafka_validation_run_\d{8}_\d{6}_\d+_\d+$")
"""The names of connectors that the suite registers on stacks of others."""

NAMING = re.compile(r"(schema|table|topic|slot|publication|transforms)\.")
"""Settings that decide what is captured, and where it goes, begin so."""

UNREADABLE = (403, 404)
"""HTTP status for a connector that this user may not read, or that was deleted meanwhile."""


class Database(Protocol):
    """The database that is asked for: its name, and hosts and ports that lead to its server."""

    @property
    def name(self) -> str: ...
    @property
    def places(self) -> Collection[tuple[str, int]]: ...


@dataclass(frozen=True)
class PostgresConnector:
    """A connector of the team. `config` is what Connect reports, with passwords."""

    name: str
    config: Mapping[str, str] = field(repr=False)

    @property
    def slot(self) -> str:
        """The replication slot; Debezium's default is `debezium`."""
        return self.config.get("slot.name", "debezium")

    @property
    def publication(self) -> str:
        """The publication, if the plug-in is pgoutput."""
        return self.config.get("publication.name", "dbz_publication")

    @property
    def used_publication(self) -> str:
        """The publication; empty if the plug-in, such as Debezium's default, uses none."""
        uses_one = self.config.get("plugin.name", "").lower() == PGOUTPUT
        return self.publication if uses_one else ""

    @property
    def topic_prefix(self) -> str:
        """The beginning of the names of its topics."""
        return topic_prefix(self.config)

    @property
    def heartbeat_topic(self) -> str:
        """The topic of its heartbeats, before any transform."""
        delimiter = self.config.get("topic.delimiter", ".")
        prefix = self.config.get("topic.heartbeat.prefix", "__debezium-heartbeat")
        return f"{prefix}{delimiter}{self.topic_prefix}"

    @property
    def placeholder(self) -> str:
        """The placeholder for a large value that an update did not touch."""
        return self.config.get("unavailable.value.placeholder", "__debezium_unavailable_value")

    @property
    def heartbeat_ms(self) -> int | None:
        """heartbeat.interval.ms; None if the worker looks it up elsewhere."""
        interval = self.config.get("heartbeat.interval.ms", "0")
        return None if HIDDEN in interval else int(interval)

    @property
    def unwraps(self) -> bool:
        """Whether its records are only the new states of rows, without an envelope."""
        return any(each.type == UNWRAP for each in transforms(self.config))

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The settings that are not understood: a transform, a naming strategy, a hidden value.

        Where this is empty, `topic` is right; else it may be wrong.
        """
        hidden = (
            f"{key} ({value})"
            for key, value in sorted(self.config.items())
            if HIDDEN in value
            and re.match(r"(schema|table|topic|slot|publication|transforms)", key)
        )
        return (*unmapped_transforms(self.config), *hidden, *self._unknown_strategy())

    def captures(self, schema: str, table: str) -> bool:
        """Whether its filters let a table pass. The publication may still lack it."""
        return captures_table(self.config, schema, table)

    def captures_column(self, schema: str, table: str, column: str) -> bool:
        """Whether its filters let a column pass."""
        return captures_column(self.config, schema, table, column)

    def alters_column(self, schema: str, table: str, column: str) -> str:
        """Returns the setting that masks or truncates a column; empty if there is none."""
        return alters_column(self.config, schema, table, column)

    def topic(self, schema: str, table: str) -> str:
        """Returns the topic of a table's events. Raises Unmapped, which names the setting."""
        return topic_of(self.config, schema, table)

    def _unknown_strategy(self) -> tuple[str, ...]:
        try:
            self.topic("schema", "table")
        except Unmapped as error:
            return (str(error),) if STRATEGY in str(error) else ()
        return ()


@dataclass(frozen=True)
class TeamConnectors:
    """The team's connectors on a database. `left_out`: sentences about connectors that may be the
    team's and are not judged. `elsewhere`: those of them that certainly read another database."""

    judged: tuple[PostgresConnector, ...]
    left_out: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """Sentences about connectors because of which the others may not be all."""
        return tuple(each for each in self.left_out if each not in self.elsewhere)


def team_connectors(
    client: ConnectClient, database: Database, slots: Collection[str] | None, only: str = ""
) -> TeamConnectors:
    """Finds the Debezium PostgreSQL connectors on this database that the suite did not create.

    Kafka Connect may reach the server by another name, and `database.dbname` may be hidden
    (`${file:...}`): then the connector's slot decides. `slots`: the logical slots of the database;
    None if they are not known, and every connector counts. `only` is the name of the connector that
    is wanted; raises StackError if it is not among them.
    """
    judged, left_out, elsewhere = [], [], []
    for name in sorted(name for name in client.connectors() if not SUITES_OWN.match(name)):
        try:
            each = PostgresConnector(name, client.config(name))
        except Refused as error:
            if error.status not in UNREADABLE:
                raise
            left_out.append(f"connector {name} is not judged, it can't be read: {error.what}")
            continue
        if not _may_be_on(each.config, database):
            continue
        why = _elsewhere(each, database, slots)
        if why:
            left_out.append(f"connector {name} {why}")
            elsewhere += left_out[-1:] if _runs(client, name) else []
        else:
            judged.append(each)
    if not only:
        return TeamConnectors(tuple(judged), tuple(left_out), tuple(elsewhere))
    return TeamConnectors((_chosen(only, judged, left_out, database),))


def _chosen(
    only: str, judged: list[PostgresConnector], left_out: list[str], database: Database
) -> PostgresConnector:
    for each in judged:
        if each.name == only:
            return each
    raise StackError(
        f"Kafka Connect has no PostgreSQL connector {only!r} on the database {database.name}.",
        seen="; ".join([", ".join(c.name for c in judged) or "none on this database", *left_out]),
        cause="another name, another database, or another Kafka Connect",
        then="-D team_connector=NAME with one of these, or without it for all of them",
    )


def _runs(client: ConnectClient, name: str) -> bool:
    """Whether a connector runs, and so has its slot, wherever that is."""
    try:
        return client.state(name).running
    except StackError:
        return False


def _may_be_on(config: Mapping[str, str], database: Database) -> bool:
    name = config.get("database.dbname", "")
    is_one = CONNECTOR.fullmatch(config.get("connector.class", "")) is not None
    return is_one and (HIDDEN in name or name == database.name)


def _elsewhere(
    connector: PostgresConnector, database: Database, slots: Collection[str] | None
) -> str:
    """Returns why a connector is not on this database; empty if it is.

    One whose slot is hidden counts: `unmapped` names it.
    """
    host = connector.config.get("database.hostname", "")
    port = connector.config.get("database.port", "5432")
    here = (host.lower(), port) in {(h.lower(), str(p)) for h, p in database.places}
    if here and HIDDEN not in connector.config.get("database.dbname", ""):
        return ""
    if slots is None or HIDDEN in connector.slot or connector.slot in slots:
        return ""
    where = "another database of this server" if here else f"another server {host}:{port}"
    return (
        f"on {where} is not judged: the database {database.name} has no replication slot "
        f"{connector.slot}"
    )
