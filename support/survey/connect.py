"""Looks at Kafka Connect: version, plugin, permissions, connectors. Registers nothing."""

from __future__ import annotations

from functools import partial

from support.baseline import Baseline
from support.clients.connect import OFFSETS_SINCE, ConnectClient
from support.clients.connect_address import ConnectAddress
from support.clients.connect_clock import connect_clock
from support.clients.database import Database
from support.clients.replication_slots import slots_of
from support.clients.team_connectors import SUITES_OWN, PostgresConnector, team_connectors
from support.stack.addresses import DatabaseAddress
from support.stack.attached.address import reach_database
from support.stack.attached.worker_database import worker_refusal
from support.stack.capture import OF_THE_DATABASE, refused_by_connect, unknown_to_connect
from support.survey.attempt import EXPECTED, attempt, words_of
from support.survey.findings import ConnectFound, ConnectorFound, Part, PluginFound, TeamFound

NAME = "Kafka Connect"


def look_at_connect(
    address: ConnectAddress, baseline: Baseline, database: DatabaseAddress, team_connector: str
) -> Part[ConnectFound]:
    """Returns what a worker is and accepts, or why it can't be used.

    `team_connector`: the one connector that the settings name; empty for all of the team.
    """
    try:
        client = ConnectClient(address)
        plugin, plugins = baseline.connector["connector.class"], client.plugins()
        # With the host and the password that libpq finds. Why it can't is said about PostgreSQL.
        database = attempt(partial(reach_database, database))[0] or database
        return Part(
            NAME,
            address.url,
            ConnectFound(
                _security(address),
                attempt(partial(client.versions, plugin))[0] or {},
                _plugin(client, plugins, baseline, database),
                _team(client, database, team_connector),
                client.version() >= OFFSETS_SINCE,
                _skew_ms(address),
            ),
        )
    except EXPECTED as error:
        return Part(NAME, address.url, trouble=words_of(error))


def _plugin(
    client: ConnectClient,
    plugins: tuple[str, ...],
    baseline: Baseline,
    database: DatabaseAddress,
) -> PluginFound:
    name = baseline.connector["connector.class"]
    if name not in plugins:
        return PluginFound(name, plugins)
    found, unknown = attempt(partial(_refused, client, baseline, database))
    refused = found or {}
    of_database = [why for key, why in refused.items() if key.startswith(OF_THE_DATABASE)]
    words = "; ".join(of_database)
    return PluginFound(
        name,
        plugins,
        {key: why for key, why in refused.items() if not key.startswith(OF_THE_DATABASE)},
        unknown,
        str(worker_refusal(words, database)) if words else "",
    )


def _refused(
    client: ConnectClient, baseline: Baseline, database: DatabaseAddress
) -> dict[str, str]:
    """Returns setting -> why Connect or the connector refuses it. Raises SettingsError for a key
    that the connector does not know."""
    problem = unknown_to_connect(client, baseline)
    if problem is not None:
        raise problem
    return refused_by_connect(client, baseline, database)


def _team(client: ConnectClient, database: DatabaseAddress, only: str) -> TeamFound:
    slots, _ = attempt(partial(slots_of, Database(database.conninfo)))
    found, trouble = attempt(partial(team_connectors, client, database, slots, only))
    names, _ = attempt(client.connectors)
    others = [each for each in names or () if not SUITES_OWN.match(each)]
    team = tuple(_state(client, each) for each in (found.judged if found else ()))
    left_out = found.left_out if found else ()
    return TeamFound(team, len(others) - len(team), trouble, left_out)


def _skew_ms(address: ConnectAddress) -> float | None:
    clocks, _ = attempt(partial(connect_clock, address))
    return clocks.least_skew_ms() if clocks else None


def _state(client: ConnectClient, connector: PostgresConnector) -> ConnectorFound:
    state, trouble = attempt(partial(client.state, connector.name))
    if state is None:
        return ConnectorFound(connector, "unknown", (), trouble)
    lines = state.trace.strip().splitlines()
    return ConnectorFound(connector, state.connector, state.tasks, lines[0] if lines else "")


def _security(address: ConnectAddress) -> str:
    protocol = "TLS" if address.url.startswith("https:") else "plain HTTP"
    return f"{protocol}, basic auth as {address.user}" if address.user else protocol
