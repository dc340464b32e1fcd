"""CDC topics carry events: Debezium runs, and the topic of every captured table holds its events.

The connector's snapshot captures the rows that exist from the start, so a topic without any event
means that change data capture does not work, unless its table has no row. A connector that does not
run sends nothing more, whatever its topics hold. FAIL names the cause. INCONCLUSIVE when a topic
may not be described, when a topic has no event and its table may not be read, when the topic of a
table is not known, or when a connector that may be the team's is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.checks.judged import not_measured, passed_if, some
from support.checks.team_connectors import not_running, slot_troubles
from support.record.cdc_topics import CdcTopicsRecord
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT = "CDC topics carry events", "events"
OBJECTIVE = (
    "connectors RUNNING, and at least 1 event of every captured table that has rows; the last "
    "events are legal envelopes"
)


def cdc_running(seen: CdcTopicsRecord) -> Check:
    """Judges whether CDC works, by its connectors, their slots, and its topics."""
    excused = {*seen.empty, *seen.unknown}
    without = [topic for topic, n in seen.events.items() if n == 0 and topic not in excused]
    wrong = [*_troubles(seen), *some([f"{topic}: no event" for topic in without])]
    wrong += some(seen.illegal)
    unknown = some([f"{topic}: {why}" for topic, why in seen.unknown.items()])
    unknown += some(seen.not_judged)
    if unknown and not wrong:
        return not_measured(NAME, UNIT, OBJECTIVE, f"not known: {'; '.join(unknown)}")
    evidence = [*wrong, *unknown, *_described(seen)]
    right = not wrong and bool(seen.events)
    return passed_if(right, NAME, sum(seen.events.values()), UNIT, OBJECTIVE, evidence)


def _troubles(seen: CdcTopicsRecord) -> Iterator[str]:
    if seen.trouble:
        yield " ".join(seen.trouble.split())[:400]
    for connector in seen.connectors:
        slot = next((each for each in seen.slots if each.name == connector.slot), None)
        stopped = list(not_running(connector, slot))
        yield from stopped or slot_troubles(connector, slot)


def _described(seen: CdcTopicsRecord) -> Iterator[str]:
    stored = sorted(seen.events.items())
    yield from some([f"{topic}: {n}" for topic, n in stored if n])
    if seen.empty:
        yield f"{counted(len(seen.empty), 'tables')} without rows: {', '.join(some(seen.empty))}"
    yield from seen.unchecked
