"""Asks a broker for its version: the request ApiVersions, which it answers before a login.

librdkafka sends it as well but does not show the features of the cluster. The layout is that of
version 3 of the request (KIP-482, KIP-584); Kafka 2.4 and newer answer it.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from support.clients.kafka_address import KafkaAddress
from support.clients.raw_connection import connected

API_VERSIONS, VERSION = 18, 3
SUPPORTED, FINALIZED = 0, 2
"""Tags of the response: the features of the broker's software, and those in force."""

CLIENT = b"kafka-validation"


@dataclass(frozen=True)
class Features:
    """Feature -> the highest level that the software supports, and the level in force."""

    supported: Mapping[str, int]
    finalized: Mapping[str, int]


def features_of(kafka: KafkaAddress, within: timedelta) -> Features:
    """The features that one of the bootstrap servers reports; none for old brokers.

    Raises OSError or ValueError if it does not answer, or answers something else.
    """
    with closing(connected(kafka, within)) as connection:
        connection.sendall(_request())
        return _features(_read_response(connection))


def _request() -> bytes:
    header = struct.pack(">hhih", API_VERSIONS, VERSION, 0, len(CLIENT)) + CLIENT + b"\0"
    # Compact strings have their length plus one; the last byte is the number of tags.
    body = bytes([len(CLIENT) + 1]) + CLIENT + b"\x02" + b"1" + b"\0"
    return struct.pack(">i", len(header + body)) + header + body


def _read_response(connection: socket.socket) -> bytes:
    (size,) = struct.unpack(">i", _exactly(connection, 4))
    if not 6 <= size < 1_000_000:
        raise ValueError("the answer is not Kafka's")
    return _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionResetError("the connection was closed")
        data += more
    return data


def _features(response: bytes) -> Features:
    reader = _Reader(response)
    reader.fixed(4)  # correlation id
    if reader.int16() != 0:
        return Features({}, {})
    for _ in range(reader.varint() - 1):
        reader.fixed(6)  # a request with its lowest and its highest version
        reader.tags({})
    reader.fixed(4)  # throttle time
    found: dict[int, dict[str, int]] = {SUPPORTED: {}, FINALIZED: {}}
    reader.tags(
        {
            # Lowest, then highest, of the software; highest, then lowest, in force.
            SUPPORTED: lambda: found[SUPPORTED].update(reader.levels(1)),
            FINALIZED: lambda: found[FINALIZED].update(reader.levels(0)),
        }
    )
    return Features(found[SUPPORTED], found[FINALIZED])


class _Reader:
    """Reads the types of Kafka's protocol one after the other. Raises ValueError at the end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def fixed(self, size: int) -> bytes:
        taken = self._data[self._place : self._place + size]
        if len(taken) < size:
            raise ValueError("the answer is cut off")
        self._place += size
        return taken

    def int16(self) -> int:
        (value,) = struct.unpack(">h", self.fixed(2))
        return int(value)

    def varint(self) -> int:
        value = shift = 0
        while True:
            (byte,) = self.fixed(1)
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def tags(self, known: Mapping[int, Callable[[], object]]) -> None:
        """Tagged fields; those that are not known are left out."""
        for _ in range(self.varint()):
            tag, size = self.varint(), self.varint()
            end = self._place + size
            if tag in known:
                known[tag]()
            self._place = end

    def levels(self, which: int) -> dict[str, int]:
        """Features, each with two levels of which the one at `which` is taken."""
        found = {}
        for _ in range(self.varint() - 1):
            name = self.fixed(self.varint() - 1).decode()
            found[name] = (self.int16(), self.int16())[which]
            self.tags({})
        return found
