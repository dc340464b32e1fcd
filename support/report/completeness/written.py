"""A markdown document as it was written: its parts, tables and sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

NUMBER = r"-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?"
_NUMBER = re.compile(NUMBER)

Row = Mapping[str, str]
"""Column -> cell."""


@dataclass(frozen=True)
class Part:
    """The lines of a document from one `## ` title to the next."""

    lines: tuple[str, ...]

    @functools.cached_property
    def rows(self) -> Sequence[Row]:
        """The rows of all tables."""
        return list(self._rows())

    def rows_with(self, **cells: str) -> list[Row]:
        """Returns the rows that have these cells."""
        return [row for row in self.rows if all(row.get(k) == v for k, v in cells.items())]

    def _rows(self) -> Iterator[Row]:
        head: list[str] = []
        for line in self.lines:
            if not line.startswith("|"):
                head = []
            elif not head:
                head = _cells(line)
            elif not line.startswith("|---"):
                cells = _cells(line)
                yield dict(zip(head, cells, strict=False))

    def numbers_in(self, beginning: str, before: str, after: str) -> list[str]:
        """Returns the numbers between `before` and `after` in lines that start with `beginning`."""
        pattern = re.compile(f"{re.escape(before)}({NUMBER}){re.escape(after)}")
        lines = (line for line in self.lines if line.startswith(beginning))
        return [found[1] for line in lines for found in pattern.finditer(line)]


@dataclass(frozen=True)
class Document:
    """`top`: what stands before the first part. `parts`: title -> part."""

    top: Part
    parts: Mapping[str, Part]


def parse(text: str) -> Document:
    """Splits a text into its top and its parts."""
    top, *parts = f"\n{text}".split("\n## ")
    lines: dict[str, list[str]] = {}
    for part in parts:
        title, _, body = part.partition("\n")
        # Two scenarios of the same name share a part.
        lines.setdefault(title, []).extend(body.splitlines())
    by_title = {title: Part(tuple(found)) for title, found in lines.items()}
    return Document(Part(tuple(top.splitlines())), by_title)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def numbers_of(cell: str) -> list[str]:
    """Returns the numbers in a cell, in order."""
    return _NUMBER.findall(cell)


def shows(text: str, value: float) -> bool:
    """Whether a written number is the value, rounded to as many digits as it has."""
    plain = text.replace(",", "")
    digits = len(plain.partition(".")[2]) if "e" not in plain else 12
    half_a_step: float = 0.5 * 10.0**-digits
    return abs(float(plain) - value) <= half_a_step * (1 + 1e-9)
