"""Database changes, and the events that Debezium made of them."""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.cdc_changes import NAME as MISSING_CHECK
from support.report.headline import Headline, worst_of_check
from support.report.sections.delivery import through, total
from support.report.sections.faults import occasion
from support.report.sections.latency_table import latency_table
from support.report.sections.section import Offered, Section
from support.report.words import number, sentences
from support.results.cdc import CdcFigures
from support.results.schema import RunResult, ScenarioResult
from support.results.units import counted

MISSING, SENT_AGAIN = "missing", "sent again"
COMMIT_TO_ARRIVAL = "commit to arrival p95"
"""Names of figures that can be compared."""
ARRIVAL, PRODUCER = "commit → arrival", "commit → Connect's producer"


def sent_again(cdc: CdcFigures) -> str:
    """Returns the number of surplus events, and their share of all events."""
    share = cdc.duplicates / cdc.events if cdc.events else 0.0
    return f"{cdc.duplicates:,} ({share:.2%})" if cdc.duplicates else "0"


def _megabytes(size: int | None) -> float | None:
    return None if size is None else size / 1e6


def text(scenario: ScenarioResult) -> list[str]:
    """Returns what was written, what arrived and when, and what PostgreSQL had to keep."""
    cdc = scenario.cdc
    if cdc is None:
        return []
    counts = (
        f"Changes: {counted(cdc.transactions, 'transactions')} with {cdc.committed_changes:,} "
        f"committed and {cdc.unknown_changes:,} unknown changes; {number(cdc.missing, 0)} missing; "
        f"{counted(cdc.events, 'events')}, {sent_again(cdc)} sent again."
    )
    complete = cdc.missing == 0 and cdc.committed_changes
    whole = f"Every committed change has its event, {occasion(scenario)}." if complete else ""
    waits = latency_table([(ARRIVAL, cdc.commit_to_arrival), (PRODUCER, cdc.commit_to_producer)])
    return [*sentences(counts, whole), *waits, *sentences(_clocks(cdc), _afterwards(cdc))]


def _clocks(cdc: CdcFigures) -> str:
    if cdc.clock_doubt_ms is None:
        return ""
    doubt = number(cdc.clock_doubt_ms)
    return f"PostgreSQL's clock was compared with this host's to within {doubt} ms."


def _afterwards(cdc: CdcFigures) -> str:
    parts = []
    if cdc.caught_up_s is not None:
        parts.append(f"The last change arrived after {number(cdc.caught_up_s)} s.")
    if cdc.confirmed_s is not None:
        parts.append(f"The slot confirmed it after {number(cdc.confirmed_s)} s.")
    if cdc.slot_behind_down_bytes is not None:
        behind = number(_megabytes(cdc.slot_behind_down_bytes))
        parts.append(f"At the end of the outage the slot was {behind} MB of WAL behind.")
    if cdc.wal_retained_down_bytes is not None:
        kept = number(_megabytes(cdc.wal_retained_down_bytes))
        parts.append(f"PostgreSQL kept {kept} MB of WAL because of it.")
    return " ".join(parts)


def brief(scenario: ScenarioResult) -> str:
    """Returns how many changes are missing."""
    return f"{number(scenario.cdc.missing, 0)} changes missing" if scenario.cdc else ""


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns losses, repeated events and delays."""
    cdc = scenario.cdc
    if cdc is None:
        return
    yield Offered(MISSING, cdc.missing, "changes", exact=True)
    yield Offered(SENT_AGAIN, cdc.duplicates, "changes")
    if cdc.commit_to_arrival:
        yield Offered(COMMIT_TO_ARRIVAL, cdc.commit_to_arrival.p95_ms, "ms")
        yield Offered("commit to arrival, longest", cdc.commit_to_arrival.max_ms, "ms")


def headlines(run: RunResult) -> Iterator[Headline]:
    """Returns the changes missing in all scenarios together."""
    rows = [s for s in run.scenarios if s.cdc]
    if rows:
        changes = sum(s.cdc.committed_changes for s in rows if s.cdc)
        missing = total([s.cdc.missing for s in rows if s.cdc])
        what = f"missing of {changes:,} database changes{through(rows)}"
        yield Headline(what, missing, "exactly 0", worst_of_check(rows, MISSING_CHECK))


SECTION = Section(text, brief, figures, headlines)
