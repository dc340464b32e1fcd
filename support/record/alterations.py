"""Columns that come, go and change their type while changes go on, by looks at the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from support.record.events import Altered, Columns


class Alterations:
    """Looks at the columns, each at a place in the write-ahead log, in their order."""

    def __init__(self) -> None:
        self._last: Columns | None = None
        self._lsn = 0
        self._found: dict[tuple[str, str], Altered] = {}

    def note(self, lsn: int, columns: Columns) -> None:
        """The columns as they were when the write-ahead log ended at `lsn`."""
        for table, names in columns.items() if self._last is not None else ():
            before = (self._last or {}).get(table, {})
            for name, column in names.items():
                if name not in before or before[name].kind != column.kind:
                    retyped = name in before
                    self._found[table, name] = Altered(self._lsn, lsn, retyped=retyped)
        self._last, self._lsn = columns, lsn

    @property
    def found(self) -> Mapping[tuple[str, str], Altered]:
        """(table, column) -> its last alteration, of those that were added or retyped."""
        return dict(self._found)
