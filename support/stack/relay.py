"""A TCP relay in front of one of the broker's listeners: a network that can be cut or slowed.

It needs no root. Clients find the broker at the relay's address, because that listener advertises
it. While a direction is cut its data is dropped; when it is restored, every connection is reset.
With a latency every chunk arrives later, in order.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from itertools import count
from threading import Lock, Thread

from support.clients.kafka_address import KafkaAddress
from support.stack.delay_line import DelayLine
from support.stack.listening import LOOPBACK
from support.stack.network import Latency

CHUNK = 65_536
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() send a reset."""


class Relay:
    """Implements NetworkLink. Runs in threads of this process, so it ends with it."""

    def __init__(self, port: int, target_port: int, direct: KafkaAddress) -> None:
        self.kafka, self.direct = KafkaAddress(f"{LOOPBACK}:{port}"), direct
        self._target = (LOOPBACK, target_port)
        self._cut = {"requests": False, "responses": False}
        self._carried = {"requests": 0, "responses": 0}
        self._latency: Latency | None = None
        self._numbers = count()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = Lock()
        self._listener = socket.create_server((LOOPBACK, port))
        self._thread = Thread(target=self._accept, name="relay", daemon=True)
        self._thread.start()

    def cut(self, *, requests: bool, responses: bool) -> None:
        self._cut = {"requests": requests, "responses": responses}

    def restore(self) -> None:
        self._reset_all()
        self._cut = {"requests": False, "responses": False}
        # Connections that were accepted since the first reset may have lost data as well.
        self._reset_all()

    def delay(self, latency: Latency | None) -> None:
        self._latency = latency

    def carried(self) -> tuple[int, int]:
        return self._carried["requests"], self._carried["responses"]

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._reset_all()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                broker = socket.create_connection(self._target, timeout=5)
            except OSError:
                _reset(client)
                continue
            broker.settimeout(None)
            for one in (client, broker):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._pairs.add((client, broker))
            for source, sink, which in (
                (client, broker, "requests"),
                (broker, client, "responses"),
            ):
                number = next(self._numbers)
                arguments = (source, sink, which, number)
                Thread(target=self._carry, args=arguments, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, which: str, number: int) -> None:
        def send(data: bytes) -> None:
            if not self._cut[which]:
                self._carried[which] += len(data)
                sink.sendall(data)

        def end() -> None:
            for one in (source, sink):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

        # Once a chunk was delayed, all later ones follow it, so that their order is kept.
        line: DelayLine | None = None
        with suppress(OSError):
            while data := source.recv(CHUNK):
                latency = self._latency
                if latency is not None and line is None:
                    line = DelayLine(send, end, latency.seed + number)
                if self._cut[which]:
                    continue
                if line is None:
                    send(data)
                else:
                    line.put(data, latency)
        if line is None:
            end()
        else:
            line.close()

    def _reset_all(self) -> None:
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for one in pair:
                _reset(one)


def _reset(one: socket.socket) -> None:
    with suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        one.shutdown(socket.SHUT_RDWR)
    one.close()
