"""Reads the topics of a snapshot, and keeps the key and a digest of the values of every row."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from confluent_kafka import Message
from numpy.typing import NDArray

from support.clients.broker import BrokerClient
from support.read.event_reader import read_to_end, to_event
from support.record.envelope import IllegalEvent


@dataclass
class Digests:
    """The rows of a table as two columns: keys, and a digest of the values of each row.

    Digests are Python's hash(), and can be compared within one process only.
    """

    key: array[int] = field(default_factory=lambda: array("q"))
    digest: array[int] = field(default_factory=lambda: array("q"))

    def add(self, key: int, values: tuple[object, ...]) -> None:
        """Adds a row."""
        self.key.append(key)
        self.digest.append(hash(values))

    def ordered(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Returns both columns, sorted by key."""
        key, digest = np.array(self.key, np.int64), np.array(self.digest, np.int64)
        order = np.argsort(key, kind="stable")
        return key[order], digest[order]


@dataclass
class SnapshotRead:
    """The content of the topics of a snapshot.

    `tables`: table -> rows. `illegal`: a description of each illegal event. `not_snapshot`: the
    number of events that are not from a snapshot. `complete`: whether everything was read.
    """

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
    """Reads every event of the topics. Stops when `patience` passes without progress.

    `topics`: table -> topic. `columns`: table -> the columns that are digested.
    """
    found = SnapshotRead({table: Digests() for table in topics}, [])

    def take(message: Message) -> None:
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
