"""Digests of rows, by which the rows of a table and of its topic are compared.

Digests are Python's hash() of 64 bits, and can be compared within one process only. Two different
values have the same digest with a probability of 2^-64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.audit.tables import CapturedTable, TableColumn
from support.checks.cdc_fold import placeholder_forms
from support.checks.column_texts import Form, Modes, form_of
from support.checks.column_values import WRONG
from support.clients.team_connectors import PostgresConnector
from support.errors import Inconclusive
from support.record.envelope import Row

LEFT_ALONE, UNSENT, ABSENT = 1, 2, 3
"""Instead of the digest of a large value: an update left it alone; no event of this key has it; the
event does not have the column."""

MOST_SHAPES = 8
"""A table whose events had more different sets of columns is not compared."""


@dataclass(frozen=True)
class ComparedColumn:
    """A column that is compared; `at` is its place in the table."""

    at: int
    column: TableColumn
    form: Form

    @property
    def name(self) -> str:
        return self.column.name

    def of_postgres(self, text: str | None) -> str | None:
        """Returns the canonical text of what PostgreSQL wrote; the same text if it is unusual."""
        if text is None or self.form.postgres is None:
            return text
        try:
            return self.form.postgres(text)
        except WRONG:
            return text

    def of_event(self, value: object) -> str | None:
        """Returns the canonical text of an event's value; of a wrong one, a text that differs."""
        if value is None:
            return None
        try:
            return self.form.event(value)
        except (*WRONG, AttributeError, OSError):
            return f"{type(value).__name__}: {value!r}"


@dataclass
class Comparison:
    """How the rows of one table are compared.

    `large` columns may be left out of an event of an update (TOAST), and have separate digests.
    `skipped`: column -> why it is not compared. `shapes`: the sets of other columns that events
    had.
    """

    table: CapturedTable
    columns: tuple[ComparedColumn, ...]
    skipped: Mapping[str, str]
    placeholders: tuple[object, ...]
    shapes: list[tuple[ComparedColumn, ...]] = field(default_factory=list)
    _known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key = self.table.key
        # Without a key an event has the whole row, and the row itself is its key.
        toasted = self.table.toasted and bool(key)
        self.key = tuple(next(c for c in self.columns if c.name == name) for name in key)
        self.large = tuple(
            c for c in self.columns if toasted and c.column.toastable and c.name not in key
        )
        self._small = tuple(c for c in self.columns if c not in self.large)

    def key_of_event(self, row: Row) -> int:
        """Returns the digest of the key of a row, or of what has the key's columns.

        Raises KeyError when a column of the key is missing.
        """
        return hash(tuple([each.of_event(row[each.column.name]) for each in self.key]))

    def row_of_event(self, row: Row) -> tuple[int, int]:
        """Returns the digest of the row without its large values, and the number of its shape."""
        shape = self._shape(row)
        columns = self.shapes[shape]
        return hash(tuple([each.of_event(row[each.column.name]) for each in columns])), shape

    def large_of_event(self, row: Row, *, created: bool) -> list[int]:
        """Returns the digests of the large values; `created`: the event is no update."""
        return [self._large(each, row, created) for each in self.large]

    def _large(self, each: ComparedColumn, row: Row, created: bool) -> int:
        if each.name not in row:
            return ABSENT
        value = row[each.name]
        if value in self.placeholders:
            return UNSENT if created else LEFT_ALONE
        return hash(each.of_event(value))

    def _shape(self, row: Row) -> int:
        names = tuple(row)
        known = self._known.get(names)
        if known is not None:
            return known
        columns = tuple(each for each in self._small if each.name in row)
        if columns not in self.shapes:
            if len(self.shapes) == MOST_SHAPES:
                raise Inconclusive(f"events had more than {MOST_SHAPES} different sets of columns")
            self.shapes.append(columns)
        return self._known.setdefault(names, self.shapes.index(columns))

    def of_postgres(self, values: Sequence[str | None]) -> tuple[int, list[int], list[int]]:
        """Returns the digests of a row of PostgreSQL: its key, the row in every shape, its large
        values."""
        texts = {each.name: each.of_postgres(values[each.at]) for each in self.columns}
        key = hash(tuple([texts[each.name] for each in self.key]))
        rows = [hash(tuple([texts[each.name] for each in shape])) for shape in self.shapes]
        return key, rows, [hash(texts[each.name]) for each in self.large]

    def absent_columns(self, shape: int) -> tuple[str, ...]:
        """Returns the columns that events of a shape do not have."""
        return tuple(each.name for each in self._small if each not in self.shapes[shape])


def comparison_of(table: CapturedTable, connector: PostgresConnector) -> Comparison:
    """Returns how a table is compared. Raises Inconclusive if its key can't be compared."""
    modes, skipped = Modes.of(connector.config), dict[str, str]()
    columns = []
    for at, column in enumerate(table.columns):
        form = form_of(column.kind, column.scale, column.precision, modes)
        why = _why_not(table, column, connector) or (
            "" if form is not None else f"values of type {column.kind} are not compared"
        )
        if why or form is None:
            skipped[column.name] = why
        else:
            columns.append(ComparedColumn(at, column, form))
    for name in table.key:
        if name in skipped:
            raise Inconclusive(f"its key has the column {name}: {skipped[name]}")
    return Comparison(table, tuple(columns), skipped, placeholder_forms(connector.placeholder))


def _why_not(table: CapturedTable, column: TableColumn, connector: PostgresConnector) -> str:
    place = table.schema, table.name, column.name
    if column.generated:
        return "PostgreSQL does not replicate a GENERATED column"
    if not connector.captures_column(*place):
        return "the connector leaves it out (column.include.list, column.exclude.list)"
    if table.published and column.name not in table.published:
        return "the publication leaves it out"
    setting = connector.alters_column(*place)
    return f"the connector sends another value ({setting})" if setting else ""
