"""Rows of tables as one snapshot sees them, copied to files at once and read later.

The transaction is open only while PostgreSQL sends the rows. The files have no name, so nothing is
left when the process ends in any way.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

import psycopg
from psycopg import sql

from support.audit.tables import CapturedTable
from support.clients.database import TEXT_FORMS
from support.interruption import check

TOGETHER = 2_000
"""Rows that are written to the file together."""
FAST = 1
"""gzip's level: the transaction waits for it."""

_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

Values = list[str | None]


@dataclass
class TableDump:
    """The rows of one table: the columns of the table in order, then xmin.

    They are in `file` from the byte `begin` on; the rows of other tables are in the same file.
    """

    table: CapturedTable
    rows: int
    file: IO[bytes]
    begin: int = 0

    def __iter__(self) -> Iterator[Values]:
        """Yields the values of each row as PostgreSQL's texts, the last one being its xmin."""
        self.file.seek(self.begin)
        with gzip.open(self.file, "rb") as packed:
            lines = io.TextIOWrapper(
                io.BufferedReader(packed), "utf-8", "surrogateescape", newline="\n"
            )
            for line in islice(lines, self.rows):
                yield _values(line[:-1])


def copy_table(
    connection: psycopg.Connection,
    table: CapturedTable,
    file: IO[bytes],
    report: Callable[[str], None],
) -> TableDump:
    """Copies a table's rows to the end of `file`; reports how many now and then."""
    begin, rows = file.seek(0, io.SEEK_END), 0
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=FAST) as packed,
        connection.cursor() as cursor,
        cursor.copy(_statement(table)) as lines,
    ):
        pending = list[Any]()
        for line in lines:
            pending.append(line)
            if len(pending) == TOGETHER:
                packed.write(b"".join(pending))
                rows += len(pending)
                pending.clear()
                check()
                report(f"{table.title}: {rows} rows copied")
        packed.write(b"".join(pending))
        rows += len(pending)
    return TableDump(table, rows, file, begin)


def prepare(connection: psycopg.Connection) -> None:
    """Sets how PostgreSQL writes values in this session."""
    connection.execute(TEXT_FORMS)
    connection.execute("SET client_encoding TO UTF8; SET extra_float_digits TO 3")


def _statement(table: CapturedTable) -> sql.Composed:
    columns = [
        sql.SQL(f"{{}}::{column.cast}" if column.cast else "{}").format(sql.Identifier(column.name))
        for column in table.columns
    ]
    return sql.SQL("COPY (SELECT {} FROM {}{}{}) TO STDOUT").format(
        sql.SQL(", ").join([*columns, sql.SQL("xmin")]),
        sql.SQL("" if table.partitioned else "ONLY "),
        sql.Identifier(table.schema, table.name),
        sql.SQL(f" WHERE {table.row_filter}" if table.row_filter else ""),
    )


def _values(line: str) -> Values:
    """Reads a line of COPY's text format."""
    fields: Values = list(line.split("\t"))
    if "\\" in line:
        return [None if each == "\\N" else _unescaped(each or "") for each in fields]
    return fields


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)
