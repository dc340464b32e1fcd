"""Reads a snapshot's topics, and keeps of every row its key and a digest of its values."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support.clients.broker import BrokerClient
from support.read.event_reader import read_to_end, to_event
from support.record.envelope import IllegalEvent


@dataclass
class Digests:
    """Rows of a table as two columns: `key`, and a digest of all its values."""

    key: array[int] = field(default_factory=lambda: array("q"))
    digest: array[int] = field(default_factory=lambda: array("q"))

    def add(self, key: int, values: tuple[object, ...]) -> None:
        self.key.append(key)
        self.digest.append(hash(values))

    def ordered(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Both columns in the order of the key."""
        key, digest = np.array(self.key, np.int64), np.array(self.digest, np.int64)
        order = np.argsort(key, kind="stable")
        return key[order], digest[order]


@dataclass
class SnapshotRead:
    """By table; `illegal` events, and how many events are not of a snapshot."""

    tables: dict[str, Digests]
    illegal: list[str]
    not_snapshot: int = 0
    complete: bool = False


def read_snapshot(
    client: BrokerClient,
    topics: Mapping[str, str],
    columns: Mapping[str, tuple[str, ...]],
    patience: timedelta,
) -> SnapshotRead:
    """`topics`: table -> topic; `columns`: table -> columns of which the digest is made."""
    found = SnapshotRead({table: Digests() for table in topics}, [])

    def take(message: Any) -> None:
        try:
            event = to_event(message)
        except IllegalEvent as error:
            found.illegal.append(str(error))
            return
        envelope = event.envelope
        if envelope is None or envelope.after is None or envelope.op != "r":
            found.not_snapshot += 1
            return
        values = tuple(map(envelope.after.get, columns[event.table]))
        found.tables[event.table].add(event.key, values)

    reader = read_to_end(client, tuple(topics.values()), take, patience)
    found.complete = reader.complete
    found.illegal += map(str, reader.damaged)
    return found
