"""Envelopes of an exact size, and how large a value may be under each limit."""

from __future__ import annotations

import random

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
    """Make an update of one row with a large `before` and `after`, of exactly `size` bytes.

    With `repetitive` the images consist of one letter, and compress to almost nothing.
    """
    room = size - len(HEAD + MIDDLE + TAIL)
    alphabet = b"x" if repetitive else ALPHABET
    text = bytes(random.Random(seed).choices(alphabet, k=room))
    return HEAD + text[: room // 2] + MIDDLE + text[room // 2 :] + TAIL


def largest_value_of_java_producer(limit: int, key_bytes: int) -> int:
    """Return the size in bytes of the largest value that a Java producer sends with such a key.

    `limit` is its max.request.size. Kafka 3.6 compares it with an upper bound of the request: 61
    bytes for the batch, 21 for the record, and the lengths of key and value as varints.
    """
    rest = limit - 61 - 21 - 1 - _varint(key_bytes) - key_bytes
    return rest - _varint(rest)


def _varint(value: int) -> int:
    """Return how many bytes a zigzag varint takes."""
    size, rest = 1, value << 1
    while rest > 0x7F:
        rest >>= 7
        size += 1
    return size
