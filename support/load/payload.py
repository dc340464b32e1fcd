"""Debezium envelopes of the three tables, 1 to 10 KB, with an id and a checksum inside.

A pool of documents is made once from a seed; sending splices the record's id and a checksum
into one of them. The checksum is the CRC-32 of the document without its ids and checksum, carried
on over the id: the sender has the first part ready and pays for twelve bytes, the reader goes
through all of them. So a record that was damaged, cut, or stored under another's key is found.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST, LARGEST = 1_000, 10_000
"""Bytes (spec, A-006)."""

POOL = 512
ID_WIDTH = 12
_ID = "@" * ID_WIDTH
CHECKSUM = 8
_BLANK = "0" * CHECKSUM
_MARK = b'"checksum":"'
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


@dataclass(frozen=True)
class Template:
    """A document cut at its ids and at its checksum, the last of the gaps; `crc` is of the rest."""

    head: tuple[bytes, ...]
    tail: bytes
    crc: int


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
        """The envelope of this record, checksum included."""
        template = self._pool[record % POOL]
        ident = b"%12d" % record
        checksum = zlib.crc32(ident, template.crc)
        return b"%b%08x%b" % (ident.join(template.head), checksum, template.tail)

    def compression_ratio(self) -> float:
        """Size over compressed size (zlib, level 6) of the pool: what a codec could gain."""
        sample = b"".join(self.value(n) for n in range(POOL))
        return len(sample) / len(zlib.compress(sample, 6))


def record_of(key: bytes | None) -> int:
    """The record number in a key; -1 when it is not a key of ours."""
    if key is None or not key.startswith(_KEY) or not key[KEY_START:-1].isdigit():
        return -1
    return int(key[KEY_START:-1])


def is_intact(record: int, value: bytes | None) -> bool:
    """Whether the value is whole and belongs to this record."""
    if value is None:
        return False
    mark = value.rfind(_MARK)
    if mark < 0:
        return False
    cut = mark + len(_MARK)
    ident = b"%12d" % record
    head = value[:cut].replace(ident, b"")
    checksum = zlib.crc32(ident, zlib.crc32(value[cut + CHECKSUM :], zlib.crc32(head)))
    return value[cut : cut + CHECKSUM] == b"%08x" % checksum


def _template(randomness: random.Random, number: int, size: int) -> Template:
    """One envelope of a table in turn: creates, updates and deletes as 6 : 3 : 1."""
    table = ("videos", "users", "comments")[number % 3]
    operation = randomness.choices("cud", (6, 3, 1))[0]
    bare = len(_document(table, operation, "", number))
    images = 2 if operation == "u" else 1
    text = _text(randomness, max(0, size - bare) // images)
    document = _document(table, operation, text, number).encode()
    cut = document.rfind(_MARK) + len(_MARK)
    head, tail = document[:cut].split(_ID.encode()), document[cut + CHECKSUM :]
    return Template(tuple(head), tail, zlib.crc32(tail, zlib.crc32(b"".join(head))))


def _document(table: str, operation: str, text: str, number: int) -> str:
    by_table: dict[str, Mapping[str, object]] = {
        "videos": {"title": f"video {number}", "description": text, "duration_s": 60 + number},
        "users": {"name": f"user {number}", "email": text},
        "comments": {"video_id": number, "user_id": number, "body": text},
    }
    columns = by_table[table]

    def image(version: int, checksum: str | None) -> dict[str, object]:
        return {"id": _ID, **columns, "version": version, "checksum": checksum}

    # Only one image carries a checksum: the one that the record's reader would keep.
    before = image(1, None if operation == "u" else _BLANK) if operation != "c" else None
    after = image(2, _BLANK) if operation != "d" else None
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
