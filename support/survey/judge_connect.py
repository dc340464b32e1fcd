"""Judges what was seen of Kafka Connect and of the team's connectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.survey.captured import Captured
from support.survey.findings import ConnectFound, ConnectorFound, PluginFound, TeamFound
from support.survey.lines import Line, clock_line, counted, few, fine, note, unusable, warning


def judge_connect(
    found: ConnectFound, captured: Sequence[Captured], database: str
) -> Iterator[Line]:
    """Yields the lines about a worker. `database`: the name of the attached one."""
    debezium = found.versions.get("debezium", "")
    with_debezium = f", Debezium {debezium}" if debezium else ""
    version = found.versions.get("connect", "not reported")
    yield fine(f"version {version}{with_debezium}, {found.security}")
    yield from _plugin(found.plugin)
    if not found.reports_offsets:
        yield warning(
            "it can't report committed offsets (3.6 can): that CDC resumes from them is not judged"
        )
    yield from _team(found.team, captured, database)
    yield clock_line("Kafka Connect", found.skew_ms)


def _plugin(found: PluginFound) -> Iterator[Line]:
    if found.name not in found.installed:
        yield unusable(
            f"there is no Debezium connector for PostgreSQL ({found.name})",
            "install the plugin in its plugin.path and restart it",
        )
        return
    if found.unknown:
        yield unusable(found.unknown)
        return
    for key, why in found.refused.items():
        yield unusable(
            f"it refuses the connector's setting {key}: {why}", f"-D connector.{key}=VALUE"
        )
    if found.database_trouble:
        yield unusable(found.database_trouble)
    if not found.refused and not found.database_trouble:
        yield fine("it accepts the settings of the suite's connector, and reaches the database")


def _team(found: TeamFound, captured: Sequence[Captured], database: str) -> Iterator[Line]:
    if found.trouble:
        yield warning(f"the team's connectors can't be listed: {found.trouble}")
    elif not found.connectors:
        others = f" ({found.others} others)" if found.others else ""
        yield warning(
            f"no Debezium connector captures the database {database}{others}: there is no pipeline "
            "of the team to judge or to audit"
        )
    yield from (warning(each) for each in found.left_out)
    for each in found.connectors:
        yield from _connector(each, [c for c in captured if c.connector is each])


def _connector(found: ConnectorFound, captured: Sequence[Captured]) -> Iterator[Line]:
    connector = found.connector
    states = ", ".join(found.tasks) or "no task"
    text = f"connector {connector.name}: {found.state}, tasks: {states}, slot {connector.slot}"
    running = found.state == "RUNNING" and set(found.tasks) == {"RUNNING"}
    if running:
        yield fine(text)
    else:
        yield warning(
            text + (f" ({found.trace})" if found.trace else ""),
            f"its status: GET /connectors/{connector.name}/status; resume or restart it",
        )
    for each in connector.unmapped:
        yield warning(f"connector {connector.name}: its topics may not be known, because of {each}")
    tables = [f"{each.table} -> {each.topic or '?'}" for each in captured]
    yield note(
        f"connector {connector.name} captures {counted(len(tables), 'table')}"
        + (f": {few(tables)}" if tables else "")
    )
