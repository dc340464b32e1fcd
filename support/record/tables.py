"""The captured tables after the last change, as PostgreSQL has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.record.events import Altered, Columns
from support.record.section import zipped_section

Row = Mapping[str, str | None]
"""Column -> value as PostgreSQL writes it."""


@dataclass(frozen=True)
class Tables:
    """Rows and columns after the last change; `columns_before` are those before the first one."""

    rows: Mapping[str, Mapping[int, Row]]
    """Table -> key -> row."""
    columns: Columns
    columns_before: Columns
    touched: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Table -> column -> what a setting of the connector does to its values, in words."""
    skips_truncate: bool = False
    """Whether the connector leaves out TRUNCATE (skipped.operations)."""
    altered: Mapping[str, Mapping[str, Altered]] = field(default_factory=dict)
    """Table -> column -> its last alteration; no entry where the columns were not looked at."""

    def places(self) -> set[tuple[str, int]]:
        """Returns table and key of every row."""
        return {(table, key) for table, rows in self.rows.items() for key in rows}

    def row(self, table: str, key: int) -> Row | None:
        """Returns a row; None when there is no such row."""
        return self.rows.get(table, {}).get(key)


TABLES = zipped_section("tables", Tables)
