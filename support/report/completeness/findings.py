"""Counts what a document must show, and lists what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from support.report.completeness.place import Cell, Place
from support.report.completeness.written import Part, Row, numbers_of, shows
from support.report.words import in_cell
from support.results.schema import Check


@dataclass
class Findings:
    """`expected`: how many things were looked for. `missing`: descriptions of the missing ones."""

    expected: int = 0
    missing: list[str] = field(default_factory=list)

    def expect(self, there: bool, what: str) -> None:
        """Counts a thing that was looked for, and whether it is there."""
        self.expected += 1
        if not there:
            self.missing.append(what)


def is_shown(value: float | str, place: Place, part: Part) -> bool:
    """Whether a part of a document shows the value in its place."""
    if isinstance(place, Cell):
        row = in_cell(place.row)
        return any(is_in_row(value, each, place) for each in part.rows if row in each.values())
    assert not isinstance(value, str)
    written = part.numbers_in(place.line, place.before, place.after)
    return any(shows(text, value * place.scale) for text in written)


def is_in_row(value: float | str, row: Row, place: Cell) -> bool:
    """Whether the cell of a row shows the value."""
    cell = row.get(place.column, "")
    if isinstance(value, str):
        return in_cell(value).strip() in cell
    written = numbers_of(cell)
    return len(written) > place.number and shows(written[place.number], value * place.scale)


def shows_measured(check: Check, cell: str) -> bool:
    """Whether a cell shows what a check measured; True for a check that measured nothing."""
    if check.measured is None:
        return True
    if isinstance(check.measured, str):
        return in_cell(check.measured) in cell
    return any(shows(text, check.measured) for text in numbers_of(cell))
