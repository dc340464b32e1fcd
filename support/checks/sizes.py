"""Very large events: where each size is stopped, and by which limit.

sizes: every event up to the limits is stored whole, every larger one is refused with an error that
names its size as the reason. FAIL names what was otherwise: refused without need, taken in spite
of a limit, refused for another reason, or not the same when it was read again.
size limits: the limits on the path from the database to the consumer fit each other. FAIL names
those between which an event gets half-way; INCONCLUSIVE when the topic's is not told.
task fate: a row whose event is too large stops the task, loudly; the connector alone says RUNNING.
rows whole: every row that was written has arrived as it is in PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from support.checks.judged import none_of, not_measured, passed_if, some
from support.results.measurements import SizeOutcome
from support.results.schema import Check

TOO_LARGE = ("MSG_SIZE_TOO_LARGE", "RecordTooLargeException")
STORED = "stored"
SIZE = re.compile(r"\d{5,} bytes")


def sizes(outcomes: Sequence[SizeOutcome], unreadable: Sequence[str] = ()) -> Check:
    """`unreadable`: what was stored, and is not there as it was sent."""
    name, unit, objective = "sizes", "events", "stored up to the limit, refused by size above it"
    if not outcomes:
        return not_measured(name, unit, objective, "nothing was sent")
    wrong = [
        f"{each.path}, {each.bytes:,} bytes: {each.outcome}, and the limit is {each.limit}"
        for each in outcomes
        if (each.outcome == STORED) != each.fits
        or (not each.fits and not any(reason in each.outcome for reason in TOO_LARGE))
    ]
    found = [*wrong, *unreadable]
    told = [f"{each.path}, {each.bytes:,} bytes: {each.outcome}" for each in outcomes]
    return passed_if(not found, name, len(outcomes), unit, objective, some(found) or told)


def size_limits(
    producer: Mapping[str, str],
    topic: Mapping[str, str | None],
    connect: Mapping[str, str],
    consumer: Mapping[str, str],
) -> Check:
    """Clients in librdkafka's names, the topic by the broker's word (its own setting, else the
    broker's message.max.bytes), `connect`: settings of Connect's producer."""
    name, unit, objective = "size limits", "mismatches", "no event gets half-way"
    limit = topic.get("max.message.bytes")
    if limit is None:
        return not_measured(name, unit, objective, "not told: the topic's max.message.bytes")
    stored = int(limit)
    sent = int(producer.get("message.max.bytes", "1000000"))
    captured = int(connect.get("max.request.size", "1048576"))
    received = int(consumer.get("receive.message.max.bytes", "100000000"))
    limits = {
        "producer message.max.bytes": sent,
        "Connect max.request.size": captured,
        "topic max.message.bytes": stored,
        "consumer receive.message.max.bytes": received,
    }
    found = list(_mismatches(sent, captured, stored, received))
    told = [f"{what} {size:,}" for what, size in limits.items()]
    return none_of(name, unit, objective, found, told)


def _mismatches(sent: int, captured: int, stored: int, received: int) -> Iterator[str]:
    if sent > stored:
        yield (
            f"producer message.max.bytes {sent:,} above topic max.message.bytes {stored:,}: "
            "what is between is sent, and refused by the broker"
        )
    if captured > stored:
        yield (
            f"Connect max.request.size {captured:,} above topic max.message.bytes {stored:,}: "
            "what is between stops the connector's task only when the broker refuses it"
        )
    if received < stored + 512:
        yield (
            f"consumer receive.message.max.bytes {received:,} below topic max.message.bytes "
            f"{stored:,}: what is between is stored, and can't be read"
        )


def task_fate(connector: str, tasks: Sequence[str], reason: str) -> Check:
    """`reason`: the line of the trace that names the size; empty when there is none."""
    name, objective = "task fate", "the task FAILED, with an error that names the size"
    told = f"connector {connector}, tasks {', '.join(tasks) or 'none'}"
    named = any(mark in reason for mark in TOO_LARGE) and SIZE.search(reason)
    loud = "FAILED" in tasks and bool(named)
    return passed_if(loud, name, told, "", objective, (reason or "no reason in the trace",))


def rows_whole(events: Mapping[int, str], rows: Mapping[int, str]) -> Check:
    """Key -> digest of the row's large value, by its last event and by PostgreSQL."""
    name, objective = "rows whole", "the last event of every row is the row in PostgreSQL"
    if not rows:
        return not_measured(name, "rows", objective, "no row was written")
    found = [
        f"row {key}: {'another value' if key in events else 'no event'}"
        for key in rows
        if events.get(key) != rows[key]
    ]
    told = (f"{len(rows)} rows",)
    return none_of(name, "rows", objective, found, told)
