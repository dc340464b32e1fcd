"""Judges the audit of captured tables.

audited rows: rows that are missing in a topic, surplus there, or different from the table's.
INCONCLUSIVE when a table could not be compared at all, when none of its rows could be judged, when
a record of its topic can't be read, when a connector that may be the team's was left out, or when
rows differ and the cause may be that the connector had not confirmed the cut, or a setting that is
not understood.
audit coverage: columns of all compared tables that were not compared; counted and named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from support.checks.judged import measured, not_measured, passed_if, some
from support.record.audit import AuditedConnector, AuditedTable, AuditRecord, RowFinding
from support.results.limit import exactly
from support.results.schema import Check

MIB = 1024 * 1024


def audited_rows(audit: AuditRecord) -> Check:
    """Judges whether every captured table equals the state that its topic holds."""
    name, unit = "audited rows", "rows"
    objective = "0 rows missing, surplus or different"
    wrong = sum(table.wrong for table in audit.tables)
    found = [line for each in audit.connectors for line in _findings(each)]
    doubts = [line for each in audit.connectors for line in _doubts(each)]
    doubts += _left_out(audit)
    sure = sum(_surely_wrong(each) for each in audit.connectors)
    if not sure and (doubts or not audit.tables):
        why = [*doubts, *some(found)] or ["no connector captures a table"]
        return not_measured(name, unit, objective, "; ".join(why))
    partly = [line for table in audit.tables for line in _partly_judged(table)]
    evidence = [*some(found), *doubts, *_what_was_done(audit), *some(partly)]
    return passed_if(not wrong, name, wrong, unit, objective, evidence, exactly(0, unit))


def audit_coverage(audit: AuditRecord) -> Check:
    """Counts the columns and tables that were not compared, and names them."""
    name, unit = "audit coverage", "columns not compared"
    if not audit.tables:
        return not_measured(name, unit, "no limit", "no connector captures a table")
    lines = [line for table in audit.tables for line in _not_compared(table)]
    count = sum(len(table.skipped) for table in audit.tables)
    return measured(name, count, unit, lines or ("every column of every row was compared",))


def _surely_wrong(connector: AuditedConnector) -> int:
    """Returns the number of rows that are wrong for no other reason than lost or altered events."""
    if connector.doubts or not connector.cut.complete:
        return 0
    return sum(table.wrong for table in connector.tables if not table.unreadable)


def _left_out(audit: AuditRecord) -> Iterator[str]:
    yield from audit.left_out
    if audit.left_out:
        yield "-D team_connector=NAME audits one connector only"


def _doubts(connector: AuditedConnector) -> Iterator[str]:
    """Yields why the connector's tables can't be judged, or a difference can't be called one."""
    for table in connector.tables:
        yield from _doubts_of(table)
    read = [each for each in connector.tables if each.unreadable and not each.trouble]
    yield from dict.fromkeys(map(_unreadable, read))
    if not any(table.wrong for table in connector.tables):
        return
    if not connector.cut.complete:
        yield (
            f"{connector.name}: its slot {connector.slot} had confirmed "
            f"{lsn_text(connector.cut.confirmed_lsn)} after {connector.cut.waited_s:.0f} s, and "
            f"not the cut at {lsn_text(connector.cut.lsn)}: what differs may still be on its way"
        )
    for doubt in connector.doubts:
        yield f"{connector.name}: {doubt} is not understood: it may be why rows differ"


def _doubts_of(table: AuditedTable) -> Iterator[str]:
    if table.trouble:
        yield f"{table.name} was not compared: {table.trouble}"
    elif table.rows and table.judged == 0:
        partly = [what for what, count in table.partly.items() if count]
        why = "; ".join(filter(None, (table.since, *partly)))
        yield f"{table.name}: none of its {table.rows} rows was judged: {why}"
    if table.unverified and not table.wrong:
        rows = f"{table.unverified} rows differ by digest"
        yield f"{table.name}: {rows}; their values were not read again"


def _unreadable(table: AuditedTable) -> str:
    return (
        f"{table.unreadable} records of {table.topic} are not envelopes in JSON and were not "
        "applied: rows may differ or be equal because of them; the first: "
        f"{table.first_unreadable}"
    )


def _findings(connector: AuditedConnector) -> Iterator[str]:
    for table in connector.tables:
        if table.wrong:
            yield (
                f"{table.name} and {table.topic}: {table.missing} rows missing, {table.surplus} "
                f"surplus, {table.different} different"
            )
            yield from table.notes
            yield from (f"{table.name} {_described(each)}" for each in table.findings)


def _described(row: RowFinding) -> str:
    parts = [f"{row.key} is {row.kind}" + (f": {row.what}" if row.what else "")]
    if row.lsn is not None:
        parts.append(f"last event at LSN {lsn_text(row.lsn)}")
    if row.committed_ms is not None:
        moment = datetime.fromtimestamp(row.committed_ms / 1000, UTC)
        parts.append(f"committed {moment:%Y-%m-%d %H:%M:%S} UTC")
    if row.offset is not None:
        parts.append(f"partition {row.partition}, offset {row.offset}")
    if row.transaction is not None:
        parts.append(f"row written by transaction {row.transaction}")
    return "; ".join(parts)


def _what_was_done(audit: AuditRecord) -> Iterator[str]:
    for each in audit.connectors:
        rows = sum(table.rows for table in each.tables)
        events = sum(table.events for table in each.tables)
        confirmed = "sent to it long before, not yet confirmed" if each.cut.settled else "confirmed"
        if not each.cut.complete:
            confirmed = "not confirmed"
        yield (
            f"{each.name}: {len(each.tables)} tables, {rows} rows, {events} events up to LSN "
            f"{lsn_text(each.cut.lsn)} ({confirmed} by the slot {each.slot}); the reading "
            f"transaction was open for {each.cut.open_s:.1f} s"
        )
    yield (
        f"{audit.rate:.0f} rows and events per second, {audit.seconds:.1f} s, "
        f"{audit.memory_bytes / MIB:.0f} MiB"
    )


def _partly_judged(table: AuditedTable) -> Iterator[str]:
    if table.judged is not None and 0 < table.judged < table.rows:
        rows = f"{table.judged} of its {table.rows} rows"
        yield f"{table.name}: {rows} were judged, see audit coverage"


def _not_compared(table: AuditedTable) -> Iterator[str]:
    if table.trouble:
        yield f"{table.name}: not compared: {table.trouble}"
    for column, why in table.skipped.items():
        yield f"{table.name}: column {column} is not compared: {why}"
    for what, count in table.partly.items():
        yield f"{table.name}: {what}: {count} rows"
    if table.since:
        yield f"{table.name}: {table.since}"
    if not table.wrong:
        yield from (f"{table.name}: {note}" for note in table.notes)


def lsn_text(lsn: int) -> str:
    """Returns an LSN as PostgreSQL writes it."""
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"
