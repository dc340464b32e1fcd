"""events of changes: every captured table that changes has new events.

A table's changes are counted by PostgreSQL, its events by the end offsets of its topic. FAIL names
each table that changed without a new event, and the cause: it is not in the publication, or its
connector does not run or is behind. FAIL as well for a table that the connector names and its
publication lacks. INCONCLUSIVE when a table changed without an event for no known cause (its
changes may have been rolled back), when the topic of a changed table is not known, or when a
connector that may be the team's is not judged. SKIPPED when no captured table changed during the
look.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.judged import left_out, none_of, not_measured
from support.checks.team_connectors import moved, not_running, slot_troubles
from support.record.team_pipeline import PipelineRecord, TableSeen
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT = "events of changes", "tables"
OBJECTIVE = "every captured table that changes has new events"
COUNTERS_LATE_S = 60
"""A session may report its changes to PostgreSQL's counters this much later (PGSTAT_MAX_INTERVAL),
so that their events may have arrived before the look."""


def events_of_changes(seen: PipelineRecord) -> Check:
    """Judges the captured tables, by counters that rose and topics that did not grow."""
    silent = [each for each in seen.tables if _silent(each)]
    causes = {each.table: list(_causes(each, seen)) for each in silent}
    wrong = [f"{_described(t)}: {'; '.join(causes[t.table])}" for t in silent if causes[t.table]]
    wrong += [_unpublished(t, seen) for t in seen.tables if t.named and not t.published]
    followed = [each for each in seen.tables if each.changed and each.arrived]
    unexplained = [each for each in silent if not causes[each.table]]
    doubtful = [_described(each) for each in unexplained if not _counted_late(each, seen)]
    unknown = [*_without_topic(seen), *seen.left_out]
    if unknown and not wrong:
        return not_measured(NAME, UNIT, OBJECTIVE, f"not known: {'; '.join([*unknown, *doubtful])}")
    if wrong or (followed and not doubtful):
        return none_of(NAME, UNIT, OBJECTIVE, wrong, _evidence(followed, seen))
    if doubtful:
        why = f"{'; '.join(doubtful)}: its changes were rolled back, or a transform drops them"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    why = f"no captured table changed during the {seen.looked_s:.0f} s of the look"
    return left_out(NAME, UNIT, OBJECTIVE, "; ".join([why, *seen.unmapped]))


def _without_topic(seen: PipelineRecord) -> list[str]:
    """Returns the tables that changed and of which it is not known where their events go."""
    return [
        f"the topic of table {each.table}, of which {counted(each.changed, 'rows')} changed"
        for each in seen.tables
        if each.changed and each.published and not each.topic
    ]


def _silent(table: TableSeen) -> bool:
    followed = not table.changed or table.arrived > 0
    return not followed and bool(table.topic) and table.published


def _counted_late(table: TableSeen, seen: PipelineRecord) -> bool:
    """Whether the last event may be that of the changes, which were counted after it arrived."""
    age = table.event_age_s
    return age is not None and age <= seen.looked_s + COUNTERS_LATE_S


def _described(table: TableSeen) -> str:
    last = "it never had an event"
    if table.event_age_s is not None:
        last = f"its last event is {_age(table.event_age_s)} old"
    return (
        f"table {table.table}: {counted(table.changed, 'rows')} changed, and its topic "
        f"{table.topic} got no event ({last})"
    )


def _causes(table: TableSeen, seen: PipelineRecord) -> Iterator[str]:
    for connector in (each for each in seen.connectors if each.name == table.connector):
        slot = seen.slot(connector.slot)
        yield from not_running(connector, slot)
        yield from slot_troubles(connector, slot)
        if slot is not None and slot.active and not moved(slot, seen):
            yield f"connector {connector.name} confirmed nothing meanwhile"


def _unpublished(table: TableSeen, seen: PipelineRecord) -> str:
    (connector,) = (each for each in seen.connectors if each.name == table.connector)
    return (
        f"table {table.table} is named by connector {connector.name}, but not in its publication "
        f"{connector.publication}: its changes are never sent; next: ALTER PUBLICATION "
        f"{connector.publication} ADD TABLE {table.table}"
    )


def _evidence(followed: list[TableSeen], seen: PipelineRecord) -> Iterator[str]:
    for each in followed:
        yield (
            f"table {each.table}: {counted(each.changed, 'rows')} changed, "
            f"{counted(each.arrived, 'records')} arrived in {each.topic}"
        )
    quiet = sum(1 for each in seen.tables if not each.changed)
    if quiet:
        yield f"{counted(quiet, 'tables')} did not change"
    yield from (f"not known: {each}" for each in seen.unmapped)


def _age(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
