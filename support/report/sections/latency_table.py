"""Rows of a table of latencies, the same for loads and for database changes."""

from __future__ import annotations

from collections.abc import Iterable

from support.report.words import number, table
from support.results.latency import LatencySummary

COLUMNS = ("samples", "mean", "p50", "p95", "p99", "p99.9", "max")


def latency_table(rows: Iterable[tuple[str, LatencySummary | None]]) -> list[str]:
    """Returns a table in milliseconds with a row for each name that has a summary."""
    cells = [(name, f"{s.count:,}", *map(number, _figures(s))) for name, s in rows if s]
    return [table(("milliseconds", *COLUMNS), cells), ""] if cells else []


def _figures(s: LatencySummary) -> tuple[float | None, ...]:
    return s.mean_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.p999_ms, s.max_ms
