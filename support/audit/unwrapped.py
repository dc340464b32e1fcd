"""Reads records that ExtractNewRecordState has unwrapped: a row, with fields that it adds.

The transform's add.fields must name the LSN; without txId, rows that are changed while the cut is
made are not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from support.clients.team_connectors import PostgresConnector
from support.clients.topic_routes import UNWRAP, transforms
from support.errors import Inconclusive
from support.record.envelope import Envelope, IllegalEvent, Source, read_envelope

DELETED = "__deleted"
"""Tells rows apart that were deleted, with delete.handling.mode=rewrite."""
WANTED = ("op", "lsn", "txId", "ts_ms", "schema", "table", "db")

_DECODER = msgspec.json.Decoder(dict[str, Any])

Read = Callable[[bytes], Envelope]
"""Returns the event in the value of a record. Raises IllegalEvent."""


def read_whole(value: bytes) -> Envelope:
    """Returns the event of a table with any REPLICA IDENTITY. Raises IllegalEvent."""
    return read_envelope(value, full_identity=False)


def reading_of(
    connector: PostgresConnector, database: str, tables: Sequence[tuple[str, str]]
) -> Read:
    """Returns how the records of a topic are read, which has the events of these tables.

    Raises Inconclusive if they are unwrapped and lack what the comparison needs.
    """
    unwraps = [each.settings for each in transforms(connector.config) if each.type == UNWRAP]
    if not unwraps:
        return read_whole
    fields = _added_fields(unwraps[0])
    needed = ("lsn",) if len(tables) == 1 else ("lsn", "schema", "table")
    missing = [part for part in needed if part not in fields]
    if missing:
        raise Inconclusive(
            f"its records are unwrapped and have no {missing[0]}: ExtractNewRecordState adds it "
            "with add.fields=op,lsn,txId,schema,table"
        )
    return Unwrapped(database, *tables[0], fields).read


@dataclass(frozen=True)
class Unwrapped:
    """The layout of unwrapped records. `fields`: part of the event -> name of its field. Schema,
    table and database are those of records that do not name them."""

    database: str
    schema: str
    table: str
    fields: Mapping[str, str]

    def read(self, value: bytes) -> Envelope:
        """Returns the event that a record was made from. Raises IllegalEvent."""
        try:
            row = _DECODER.decode(value)
            if row.keys() == {"schema", "payload"}:
                row = dict(row["payload"])
            if {"op", "source", "after"} <= row.keys():
                # A predicate kept the transform from this record.
                return read_whole(value)
            found = {part: row.pop(name, None) for part, name in self.fields.items()}
            gone = str(row.pop(DELETED, "false")) == "true" or found.get("op") == "d"
            source = self._source(found)
        except (msgspec.MsgspecError, TypeError, ValueError, AttributeError) as error:
            raise IllegalEvent(str(error)) from error
        if gone:
            return Envelope("d", source, source.ts_ms, row, None)
        return Envelope(found.get("op") or "u", source, source.ts_ms, None, row)

    def _source(self, found: Mapping[str, Any]) -> Source:
        transaction = found.get("txId")
        return Source(
            *("", "", "", int(found.get("ts_ms") or 0)),
            snapshot="true" if found.get("op") == "r" else "false",
            db=str(found.get("db") or self.database),
            schema=str(found.get("schema") or self.schema),
            table=str(found.get("table") or self.table),
            lsn=int(found["lsn"]),
            txId=None if transaction is None else int(transaction),
        )


def _added_fields(settings: Mapping[str, str]) -> dict[str, str]:
    """Returns part of the event -> name of the field that add.fields makes of it."""
    prefix, found = settings.get("add.fields.prefix", "__"), dict[str, str]()
    for entry in filter(None, map(str.strip, settings.get("add.fields", "").split(","))):
        path, _, name = entry.partition(":")
        part = path.removeprefix("source.")
        if part in WANTED and not (part == "ts_ms" and path == part):
            found[part] = prefix + (name or path.replace(".", "_"))
    return found
