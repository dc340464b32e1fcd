"""Judges how often a worker of Kafka Connect commits source offsets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.checks.configuration_hidden import FLUSH, is_hidden

LONGEST_FLUSH_MS = 10_000
"""A worker that is killed before its first flush of offsets takes its snapshot again."""


def flush_findings(worker: Mapping[str, str] | None) -> Iterator[str]:
    """Yields an interval that is too long; nothing where it is not known."""
    if worker is None:
        return
    interval = worker.get(FLUSH, "60000")
    if not is_hidden(interval) and int(interval) > LONGEST_FLUSH_MS:
        yield (
            f"worker offset.flush.interval.ms={interval}: a worker that is killed before its first "
            "flush takes the snapshot again, and rows deleted in between have no event: up to "
            f"{int(interval) / 1000:g} s of changes"
        )


def flush_risk(worker: Mapping[str, str]) -> Iterator[str]:
    """Yields the risk that remains in the first interval."""
    flush_ms = worker.get(FLUSH)
    if flush_ms is not None and not is_hidden(flush_ms):
        yield (
            f"residual risk: a worker that is killed in the first {int(flush_ms) / 1000:g} s of a "
            "connector takes its snapshot again, and rows deleted in between have no event"
        )
