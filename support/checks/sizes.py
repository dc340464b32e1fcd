"""Very large events: which sizes are stored, and which limit stops the others.

sizes: every event up to the limit is stored intact, and every larger one is refused because of its
size. FAIL when one was refused although it fits, stored in spite of the limit, refused for another
reason, or changed when it was read again. INCONCLUSIVE when no event was sent.

size limits: the limits on the path from the database to the consumer match. FAIL names those
between which an event is accepted by one part and refused by the next. INCONCLUSIVE when the broker
does not report the topic's limit. SKIPPED when the limit of Connect's producer is not known and the
others match.

task outcome: a row whose event is too large stops the connector's task (state FAILED), with an
error that names the size. FAIL when the task did not stop, or when its error does not name the
size.

rows whole: the last event of every large row has the value of the row in PostgreSQL. FAIL when one
has not, or is missing. INCONCLUSIVE when no row was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from support.checks.judged import left_out, none_of, not_measured, passed_if, some
from support.results.schema import Check
from support.results.sizes import SizeOutcome
from support.results.units import counted

NOT_NAMED = (
    "max.request.size of Connect's producer is not known: no connector names it, and the worker "
    "does not report it; next: -D worker_config=FILE"
)
TOO_LARGE = ("MSG_SIZE_TOO_LARGE", "RecordTooLargeException")
STORED = "stored"
SIZE = re.compile(r"\d{5,} bytes")
"""The size in the error of a task."""
OVERHEAD = 512
"""Bytes of a fetch response in addition to its largest batch (librdkafka's rule)."""


def sizes(outcomes: Sequence[SizeOutcome], unreadable: Sequence[str] = ()) -> Check:
    """Judges the outcome of each event; `unreadable` names stored ones that read back otherwise."""
    name, unit = "sizes", "events"
    objective = "stored up to the limit, refused for their size above it"
    if not outcomes:
        return not_measured(name, unit, objective, "no event was sent")
    wrong = [
        f"{each.path}, {each.bytes:,} bytes: {each.outcome}, but the limit is {each.limit}"
        for each in outcomes
        if (each.outcome == STORED) != each.fits
        or (not each.fits and not any(reason in each.outcome for reason in TOO_LARGE))
    ]
    found = [*wrong, *unreadable]
    lines = [f"{each.path}, {each.bytes:,} bytes: {each.outcome}" for each in outcomes]
    return passed_if(not found, name, len(outcomes), unit, objective, some(found) or lines)


def size_limits(
    producer: Mapping[str, str],
    topic: Mapping[str, str | None],
    connect: Mapping[str, str],
    consumer: Mapping[str, str],
    named: str = "",
    *,
    connect_known: bool = True,
) -> Check:
    """Judges whether the limits match.

    `producer`, `consumer`: settings in librdkafka's names. `topic`: settings as the broker reports
    them, its own defaults included. `connect`: settings of Connect's producer. `named`: the topic's
    name, where it is one of several. `connect_known`: whether `connect` is what is in force.
    """
    name, unit = "size limits", "mismatches"
    objective = "0 sizes that one part accepts and the next one refuses"
    limit = topic.get("max.message.bytes")
    if limit is None:
        why = "the broker does not report the topic's max.message.bytes"
        return not_measured(name, unit, objective, why)
    sizes_of = {
        "producer message.max.bytes": int(producer.get("message.max.bytes", "1000000")),
        "Connect max.request.size": int(connect.get("max.request.size", "1048576")),
        "topic max.message.bytes": int(limit),
        "consumer receive.message.max.bytes": int(
            consumer.get("receive.message.max.bytes", "100000000")
        ),
    }
    sent, captured, stored, received = sizes_of.values()
    mismatches = _mismatches(sent, captured if connect_known else 0, stored, received)
    found = [f"topic {named}: {each}" if named else each for each in mismatches]
    if not connect_known and not found:
        return left_out(name, unit, objective, NOT_NAMED)
    evidence = [f"{key} {size:,}" for key, size in sizes_of.items()]
    return none_of(name, unit, objective, found, [*([f"topic {named}"] * bool(named)), *evidence])


def _mismatches(sent: int, captured: int, stored: int, received: int) -> Iterator[str]:
    if sent > stored:
        yield (
            f"producer message.max.bytes {sent:,} above topic max.message.bytes {stored:,}: "
            "sizes in between are sent, and then refused by the broker"
        )
    if captured > stored:
        yield (
            f"Connect max.request.size {captured:,} above topic max.message.bytes {stored:,}: "
            "sizes in between stop the connector's task only when the broker refuses them"
        )
    if received < stored + OVERHEAD:
        yield (
            f"consumer receive.message.max.bytes {received:,} below topic max.message.bytes "
            f"{stored:,} plus {OVERHEAD}: sizes in between are stored, but can't be read"
        )


def task_outcome(connector: str, tasks: Sequence[str], reason: str) -> Check:
    """Judges the states of a connector and its tasks after an event that is too large.

    `reason`: the line of the task's trace about the size; empty when there is none.
    """
    name, objective = "task outcome", "the task has FAILED with an error that names the size"
    states = f"connector {connector}, {'task' if len(tasks) == 1 else 'tasks'} "
    states += ", ".join(tasks) or "none"
    named = any(mark in reason for mark in TOO_LARGE) and SIZE.search(reason)
    loud = "FAILED" in tasks and bool(named)
    evidence = (reason or "the trace does not name the size",)
    return passed_if(loud, name, states, "", objective, evidence)


def rows_whole(events: Mapping[int, str], rows: Mapping[int, str]) -> Check:
    """Compares key -> digest of a row's large value: in its last event, and in PostgreSQL."""
    name, objective = "rows whole", "0 rows whose last event differs from PostgreSQL"
    if not rows:
        return not_measured(name, "rows", objective, "no row was written")
    found = [
        f"row {key}: {'another value' if key in events else 'no event'}"
        for key in rows
        if events.get(key) != rows[key]
    ]
    return none_of(name, "rows", objective, found, (f"{counted(len(rows), 'rows')} compared",))
