"""CDC topics carry events: Debezium runs, and the topic of every captured table holds its events.

The connector's snapshot captures the rows that exist from the start, so a topic without any event
means that change data capture does not work. FAIL names the cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.checks.judged import passed_if, some
from support.results.schema import Check

NAME, UNIT = "CDC topics carry events", "events"


def cdc_running(
    trouble: object | None, events: Mapping[str, int], illegal: Sequence[str] = ()
) -> Check:
    """Judges whether CDC works.

    `events`: topic -> number of its records. `trouble`: why the connector does not run, or None.
    `illegal`: descriptions of those of the last records that are not legal envelopes.
    """
    empty = [topic for topic, count in events.items() if count == 0]
    evidence = [f"{topic}: {count}" for topic, count in sorted(events.items())]
    evidence += some(illegal)
    if trouble is not None:
        evidence.insert(0, " ".join(str(trouble).split())[:400])
    right = trouble is None and bool(events) and not empty and not illegal
    objective = "at least 1 event of every captured table; the last events are legal envelopes"
    return passed_if(right, NAME, sum(events.values()), UNIT, objective, evidence)
