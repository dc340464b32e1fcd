"""Judges the comparisons with Kafka's own tools from a record."""

from __future__ import annotations

from support.checks.agreement import agreement, agreement_on_reading
from support.record.comparisons import READING_COMPARED, WRITING_COMPARED
from support.record.record import Record
from support.results.schema import Check


def writing(record: Record) -> Check:
    """Judges whether both producers measured the same latency."""
    compared = record[WRITING_COMPARED]
    return agreement(compared.seen, compared.count, compared.rate_per_s)


def reading(record: Record) -> Check:
    """Judges whether both readers counted the same records."""
    compared = record[READING_COMPARED]
    return agreement_on_reading(compared.seen, compared.count)
