"""Debezium's snapshot of full tables: how long it took, and every row by key and digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from support.record.section import Section, json_section

Rows = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Keys, ascending, and a digest of each row."""


@dataclass(frozen=True)
class SnapshotRecord:
    """Rows by table, and monotonic ns from the connector's registration to the last event."""

    rows: Mapping[str, int]
    began_ns: int
    ended_ns: int


@dataclass(frozen=True)
class RowsFound:
    """The result of reading the snapshot's topics, apart from the rows.

    `not_compared` names columns whose values events carry in another form. A snapshot that was
    `begun_again` may send a row twice.
    """

    illegal: tuple[str, ...]
    not_snapshot: int
    complete: bool
    not_compared: tuple[str, ...]
    begun_again: bool


@dataclass(frozen=True)
class SnapshotRows:
    """Table -> its rows in Kafka and in PostgreSQL. Digests of one record compare only there."""

    kafka: Mapping[str, Rows]
    postgresql: Mapping[str, Rows]
    found: RowsFound


_FILE, _FOUND = "snapshot_rows.npz", "found"
_DECODER = msgspec.json.Decoder(RowsFound)


def _write(value: SnapshotRows, folder: Path) -> None:
    arrays = {
        f"{side}.{table}": np.stack(rows)
        for side in ("kafka", "postgresql")
        for table, rows in getattr(value, side).items()
    }
    found = np.frombuffer(msgspec.json.encode(value.found), np.uint8)
    np.savez_compressed(folder / _FILE, allow_pickle=False, **{_FOUND: found}, **arrays)


def _read(folder: Path) -> SnapshotRows:
    with np.load(folder / _FILE) as file:
        sides: dict[str, dict[str, Rows]] = {"kafka": {}, "postgresql": {}}
        for name in file.files:
            side, _, table = name.partition(".")
            if table:
                keys, digests = file[name]
                sides[side][table] = keys, digests
        found = _DECODER.decode(file[_FOUND].tobytes())
    return SnapshotRows(sides["kafka"], sides["postgresql"], found)


SNAPSHOT = json_section("snapshot", SnapshotRecord)
SNAPSHOT_ROWS = Section("snapshot_rows", _FILE, _write, _read)
