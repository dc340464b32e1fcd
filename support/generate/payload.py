"""Debezium envelopes of the three tables, 1 to 10 KB, each with the id of its record inside.

A pool of documents is made once from a seed; sending splices the record's id into one of them.
A reader that knows the seed makes the same bytes again and compares: so a record that was damaged,
cut, or stored under another's key is found, whatever happened to it.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Mapping
from functools import lru_cache

SMALLEST, LARGEST = 1_000, 10_000
"""Bytes (spec, A-006)."""

POOL = 512
ID_WIDTH = 12
_ID = "@" * ID_WIDTH
_KEY = b'{"id":'
KEY_START = len(_KEY)
"""Where the number begins in a key of ours."""
_WORDS = (
    "stream",
    "record",
    "table",
    "commit",
    "change",
    "index",
    "search",
    "video",
    "comment",
    "latency",
    "offset",
    "leader",
    "replica",
    "segment",
    "snapshot",
    "column",
)


class Payloads:
    """Keys and values of a load by record number; the same seed makes the same bytes."""

    def __init__(self, seed: int, smallest: int = SMALLEST, largest: int = LARGEST) -> None:
        randomness = random.Random(seed)
        self._pool = [
            _template(randomness, number, randomness.randint(smallest, largest))
            for number in range(POOL)
        ]

    def key(self, record: int) -> bytes:
        """The primary key as Debezium's JSON converter writes it."""
        return b"%b%d}" % (_KEY, record)

    def value(self, record: int) -> bytes:
        """The envelope of this record."""
        return (b"%12d" % record).join(self._pool[record % POOL])

    def is_intact(self, record: int, value: bytes | None) -> bool:
        """Whether the value is, byte for byte, the one that was sent under this record's key."""
        return record >= 0 and value == self.value(record)

    def mean_bytes(self) -> float:
        """Of a value, over the pool."""
        return sum(len(self.value(n)) for n in range(POOL)) / POOL

    def compression_ratio(self) -> float:
        """Size over compressed size (zlib, level 6) of the pool: what a codec could gain."""
        sample = b"".join(self.value(n) for n in range(POOL))
        return len(sample) / len(zlib.compress(sample, 6))


def record_of(key: bytes | None) -> int:
    """The record number in a key; -1 when it is not a key of ours."""
    if key is None or not key.startswith(_KEY) or not key[KEY_START:-1].isdigit():
        return -1
    return int(key[KEY_START:-1])


@lru_cache(4)
def payloads(seed: int, smallest: int = SMALLEST, largest: int = LARGEST) -> Payloads:
    """Payloads that are made once in a process; they never change."""
    return Payloads(seed, smallest, largest)


def _template(randomness: random.Random, number: int, size: int) -> tuple[bytes, ...]:
    """One envelope of a table in turn: creates, updates and deletes as 6 : 3 : 1."""
    table = ("videos", "users", "comments")[number % 3]
    operation = randomness.choices("cud", (6, 3, 1))[0]
    bare = len(_document(table, operation, "", number))
    images = 2 if operation == "u" else 1
    text = _text(randomness, max(0, size - bare) // images)
    return tuple(_document(table, operation, text, number).encode().split(_ID.encode()))


def _document(table: str, operation: str, text: str, number: int) -> str:
    by_table: dict[str, Mapping[str, object]] = {
        "videos": {"title": f"video {number}", "description": text, "duration_s": 60 + number},
        "users": {"name": f"user {number}", "email": text},
        "comments": {"video_id": number, "user_id": number, "body": text},
    }
    columns = by_table[table]

    def image(version: int) -> dict[str, object]:
        return {"id": _ID, **columns, "version": version, "checksum": None}

    before = image(1) if operation != "c" else None
    after = image(2) if operation != "d" else None
    source = {
        "version": "2.5.4.Final",
        "connector": "postgresql",
        "name": "dbserver",
        "ts_ms": 1_700_000_000_000 + number,
        "snapshot": "false",
        "db": "app",
        "sequence": '["24023128","24023128"]',
        "schema": "public",
        "table": table,
        "txId": 500 + number,
        "lsn": 24_023_128 + number * 64,
        "xmin": None,
    }
    envelope = {
        "before": before,
        "after": after,
        "source": source,
        "op": operation,
        "ts_ms": 1_700_000_000_100 + number,
        "transaction": None,
    }
    return json.dumps(envelope, separators=(",", ":")).replace(f'"{_ID}"', _ID)


def _text(randomness: random.Random, length: int) -> str:
    """Words and numbers: compresses about as text in a database does, unlike zeros or noise."""
    words: list[str] = []
    size = 0
    while size < length:
        word = randomness.choice(_WORDS) + str(randomness.randrange(10_000))
        words.append(word)
        size += len(word) + 1
    return " ".join(words)[:length]
