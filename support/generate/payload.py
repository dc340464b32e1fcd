"""Payloads of a load: Debezium envelopes of 1 to 10 KB, each with the id of its record inside.

A pool of envelopes is made once from a seed. Sending splices the record's id into one of them. A
reader that knows the seed makes the same bytes again and compares them, so it detects a record
that was damaged, truncated, or stored under the key of another.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from functools import lru_cache

from support.generate.sampled_text import compression_ratio, templates
from support.record.sampled_payloads import SampledPayloads

SMALLEST, LARGEST = 1_000, 10_000
"""Sizes of a value in bytes (spec, A-006)."""

POOL = 512
"""Number of different envelopes; a record of a higher number reuses one with its own id."""

ID_WIDTH = 12
_ID = "@" * ID_WIDTH
_KEY = b'{"id":'
KEY_START = len(_KEY)
"""Position at which the record's number begins in a key."""

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
    """Makes the key and the value of each record of a load; the same seed makes the same bytes.

    With a sample they are not envelopes, but have the sizes and the compressibility of its events.
    """

    def __init__(
        self,
        seed: int,
        smallest: int = SMALLEST,
        largest: int = LARGEST,
        sampled: SampledPayloads | None = None,
    ) -> None:
        randomness = random.Random(seed)
        self._pool: list[tuple[bytes, ...]] = (
            list(templates(seed, sampled, ID_WIDTH))
            if sampled
            else [
                _template(randomness, number, randomness.randint(smallest, largest))
                for number in range(POOL)
            ]
        )

    def key(self, record: int) -> bytes:
        """Returns the primary key of this record, as Debezium's JSON converter writes it."""
        return b"%b%d}" % (_KEY, record)

    def value(self, record: int) -> bytes:
        """Returns the envelope of this record."""
        return (b"%12d" % record).join(self._pool[record % POOL])

    def is_intact(self, record: int, value: bytes | None) -> bool:
        """Whether `value` is, byte for byte, what was sent for this record."""
        return record >= 0 and value == self.value(record)

    def mean_bytes(self) -> float:
        """Returns the mean size of a value in bytes, over the pool."""
        return sum(len(self.value(n)) for n in range(POOL)) / POOL

    def compression_ratio(self) -> float:
        """Returns how many times smaller zlib (level 6) makes the pool: what a codec could save."""
        sample = b"".join(self.value(n) for n in range(POOL))
        return compression_ratio(sample)


def record_of(key: bytes | None) -> int:
    """Returns the record's number in a key; -1 for a key that Payloads did not make."""
    if key is None or not key.startswith(_KEY) or not key[KEY_START:-1].isdigit():
        return -1
    return int(key[KEY_START:-1])


@lru_cache(4)
def payloads(
    seed: int,
    smallest: int = SMALLEST,
    largest: int = LARGEST,
    sampled: SampledPayloads | None = None,
) -> Payloads:
    """Returns the payloads of a seed, made once in a process: they never change."""
    return Payloads(seed, smallest, largest, sampled)


def _template(randomness: random.Random, number: int, size: int) -> tuple[bytes, ...]:
    """Makes an envelope, split where the record's id belongs.

    Tables take turns; creates, updates and deletes occur as 6 : 3 : 1.
    """
    table = ("videos", "users", "comments")[number % 3]
    operation = randomness.choices("cud", (6, 3, 1))[0]
    bare = len(_document(table, operation, "", number))
    images = 2 if operation == "u" else 1
    text = _text(randomness, max(0, size - bare) // images)
    return tuple(_document(table, operation, text, number).encode().split(_ID.encode()))


def _document(table: str, operation: str, text: str, number: int) -> str:
    columns = _columns(table, text, number)

    def image(version: int) -> dict[str, object]:
        return {"id": _ID, **columns, "version": version, "checksum": None}

    envelope = {
        "before": image(1) if operation != "c" else None,
        "after": image(2) if operation != "d" else None,
        "source": _source(table, number),
        "op": operation,
        "ts_ms": 1_700_000_000_100 + number,
        "transaction": None,
    }
    return json.dumps(envelope, separators=(",", ":")).replace(f'"{_ID}"', _ID)


def _columns(table: str, text: str, number: int) -> Mapping[str, object]:
    by_table: dict[str, Mapping[str, object]] = {
        "videos": {"title": f"video {number}", "description": text, "duration_s": 60 + number},
        "users": {"name": f"user {number}", "email": text},
        "comments": {"video_id": number, "user_id": number, "body": text},
    }
    return by_table[table]


def _source(table: str, number: int) -> Mapping[str, object]:
    return {
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


def _text(randomness: random.Random, length: int) -> str:
    """Makes text of words and numbers: it compresses about as well as text in a database."""
    words: list[str] = []
    size = 0
    while size < length:
        word = randomness.choice(_WORDS) + str(randomness.randrange(10_000))
        words.append(word)
        size += len(word) + 1
    return " ".join(words)[:length]
