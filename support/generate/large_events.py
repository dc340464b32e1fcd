"""Envelopes of an exact size, and how large a value may be under each limit."""

from __future__ import annotations

import random
from collections.abc import Sequence

Headers = Sequence[tuple[str, bytes | None]]
"""The headers of a record: name and value of each."""

ALPHABET = b"0123456789abcdef"
HEAD = b'{"before":{"id":1,"body":"'
MIDDLE = b'"},"after":{"id":1,"body":"'
TAIL = b'"},"source":{"version":"2.5.4.Final","connector":"postgresql","table":"videos"},"op":"u"}'

BATCH_BYTES = 72
"""Overhead of a batch of one record without a key (record format v2): 61 bytes of the batch itself,
11 of the record."""
LIBRDKAFKA_BYTES = 36
"""Bytes that librdkafka adds to a value before it compares it with message.max.bytes (measured)."""


def large_envelope(size: int, seed: int = 1, *, repetitive: bool = False) -> bytes:
    """Makes an update of one row with a large `before` and `after`, of exactly `size` bytes.

    With `repetitive` the images consist of one letter, and compress to almost nothing.
    """
    room = size - len(HEAD + MIDDLE + TAIL)
    alphabet = b"x" if repetitive else ALPHABET
    text = bytes(random.Random(seed).choices(alphabet, k=room))
    return HEAD + text[: room // 2] + MIDDLE + text[room // 2 :] + TAIL


def largest_value_of_java_producer(limit: int, key_bytes: int, headers: Headers = ()) -> int:
    """Returns the size in bytes of the largest value that a Java producer sends with such a key.

    `limit` is its max.request.size. The producer compares it with an upper bound of the request: 61
    bytes for the batch, 21 for the record, key and value with their lengths as varints, and the
    headers.
    """
    rest = limit - 61 - 21 - _field(key_bytes) - _headers_bytes(headers)
    return rest - _varint(rest)


def _headers_bytes(headers: Headers) -> int:
    """Returns how many bytes headers take: their number, then each name and value."""
    each = (_field(len(name.encode())) + _field(len(value or b"")) for name, value in headers)
    return _varint(len(headers)) + sum(each)


def _field(size: int) -> int:
    """Returns how many bytes a field of `size` bytes takes with its length."""
    return _varint(size) + size


def _varint(value: int) -> int:
    """Returns how many bytes a zigzag varint takes."""
    size, rest = 1, value << 1
    while rest > 0x7F:
        rest >>= 7
        size += 1
    return size
