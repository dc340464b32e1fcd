"""Envelopes of an exact size, and how large a value may be under each limit."""

from __future__ import annotations

import random

ALPHABET = b"0123456789abcdef"
HEAD = b'{"before":{"id":1,"body":"'
MIDDLE = b'"},"after":{"id":1,"body":"'
TAIL = b'"},"source":{"version":"2.5.4.Final","connector":"postgresql","table":"videos"},"op":"u"}'

BATCH_BYTES = 72
"""Around one value without a key (record format v2): 61 of the batch, 11 of the record."""
LIBRDKAFKA_BYTES = 36
"""What librdkafka adds to a value before it compares it with message.max.bytes (measured)."""


def large_envelope(size: int, seed: int = 1, *, repetitive: bool = False) -> bytes:
    """An update of one row with large `before` and `after`, of exactly `size` bytes."""
    room = size - len(HEAD + MIDDLE + TAIL)
    alphabet = b"x" if repetitive else ALPHABET
    text = bytes(random.Random(seed).choices(alphabet, k=room))
    return HEAD + text[: room // 2] + MIDDLE + text[room // 2 :] + TAIL


def largest_value_of_java_producer(limit: int, key_bytes: int) -> int:
    """Of a record with a key of this size under max.request.size.

    Kafka 3.6 estimates from above: 61 for the batch, 21 for the record, the lengths as varints.
    """
    rest = limit - 61 - 21 - 1 - _varint(key_bytes) - key_bytes
    return rest - _varint(rest)


def _varint(value: int) -> int:
    """Bytes of a zigzag varint."""
    size, rest = 1, value << 1
    while rest > 0x7F:
        rest >>= 7
        size += 1
    return size
