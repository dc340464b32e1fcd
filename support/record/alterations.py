"""Columns that are added, dropped or given another type while changes are made."""

from __future__ import annotations

from collections.abc import Mapping

from support.record.events import Altered, Columns


class Alterations:
    """Compares samples of the columns, each made at a position in the write-ahead log."""

    def __init__(self) -> None:
        self._last: Columns | None = None
        self._lsn = 0
        self._found: dict[str, dict[str, Altered]] = {}

    def note(self, lsn: int, columns: Columns) -> None:
        """Adds a sample: the columns as they were when the write-ahead log ended at `lsn`."""
        for table, names in columns.items() if self._last is not None else ():
            before = (self._last or {}).get(table, {})
            for name, column in names.items():
                if name not in before or before[name].kind != column.kind:
                    retyped = name in before
                    altered = Altered(self._lsn, lsn, retyped=retyped)
                    self._found.setdefault(table, {})[name] = altered
        self._last, self._lsn = columns, lsn

    @property
    def found(self) -> Mapping[str, Mapping[str, Altered]]:
        """Table -> column -> its last alteration, for columns that were added or retyped."""
        return {table: dict(names) for table, names in self._found.items()}
