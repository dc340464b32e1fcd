"""Measures the round trip of a small request over one TCP connection to the broker."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from datetime import timedelta

from support import clock
from support.clients.kafka_address import KafkaAddress
from support.errors import Inconclusive

API_VERSIONS, VERSION = 18, 0
CLIENT = b"kafka-validation-round-trip"
REQUEST = struct.pack(f">hhih{len(CLIENT)}s", API_VERSIONS, VERSION, 0, len(CLIENT), CLIENT)
"""Kafka's smallest request: every broker answers it at once, on any connection. Its answer begins
with its length, as the request does."""


class RoundTrip:
    """One connection, without TLS, to the first of the bootstrap servers, until close()."""

    def __init__(self, kafka: KafkaAddress, within: timedelta) -> None:
        """Raises Inconclusive if nothing accepts the connection within that time."""
        try:
            self._socket = socket.create_connection(kafka.servers[0], within.total_seconds())
        except OSError as error:
            raise Inconclusive(f"No connection to {kafka}.", seen=str(error)) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def shortest_s(self, times: int = 3) -> float:
        """The shortest of several round trips, in seconds. Raises Inconclusive if one fails."""
        return min(self._once_s() for _ in range(times))

    def close(self) -> None:
        self._socket.close()

    def _once_s(self) -> float:
        began = clock.now_ns()
        try:
            self._socket.sendall(struct.pack(">i", len(REQUEST)) + REQUEST)
            (length,) = struct.unpack(">i", self._read(4))
            self._read(length)
        except OSError as error:
            raise Inconclusive("No answer to a small request.", seen=str(error)) from error
        return (clock.now_ns() - began) / clock.NS_PER_S

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            if not more:
                raise ConnectionResetError("the connection was closed")
            data += more
        return data


def shortest_round_trip_s(kafka: KafkaAddress, within: timedelta) -> float:
    """The shortest of three round trips over a new connection, in seconds."""
    with closing(RoundTrip(kafka, within)) as probe:
        return probe.shortest_s()
