"""Where a document can show a figure: in a cell of a table, or in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MIB, MB = 2**-20, 1e-6


@dataclass(frozen=True)
class Cell:
    """The `number`-th number of the cell below `column`, in the row that has a cell `row`.

    The shown value is `scale` times the recorded one.
    """

    row: str
    column: str
    scale: float = 1
    number: int = 0


@dataclass(frozen=True)
class Words:
    """The number between two texts, in a line that begins with `line`."""

    line: str
    before: str
    after: str
    scale: float = 1


Place = Cell | Words

STATISTICS = {
    "mean_ms": "mean",
    "p50_ms": "p50",
    "p95_ms": "p95",
    "p99_ms": "p99",
    "p999_ms": "p99.9",
    "max_ms": "max",
}


def latency(path: str, row: str) -> Mapping[str, Place]:
    """Returns the places of the figures of a LatencySummary, which is a row."""
    columns = {"count": "samples", **STATISTICS}
    return {f"{path}.{field}": Cell(row, column) for field, column in columns.items()}


def spread(path: str, row: str) -> Mapping[str, Place]:
    """Returns the places of the figures of a Spread, which is a row."""
    return {f"{path}.{each}_ms": Cell(row, each) for each in ("p50", "p95", "p99")}
