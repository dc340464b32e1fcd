"""A TCP relay before one of the broker's listeners: a network that can be cut, without root.

Clients find the broker at the relay's address, because that listener advertises it. While a
direction is cut, its bytes vanish; on restoring, every connection is reset.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from threading import Lock, Thread

from support.stack.listening import LOOPBACK

CHUNK = 65_536
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() send a reset."""


class Relay:
    """Implements ports.NetworkLink. Lives in threads of this process, so it ends with it."""

    def __init__(self, port: int, target_port: int, direct: str) -> None:
        self.bootstrap, self.direct = f"{LOOPBACK}:{port}", direct
        self._target = (LOOPBACK, target_port)
        self._cut = {"requests": False, "responses": False}
        self._carried = {"requests": 0, "responses": 0}
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
        # What was accepted until then may have sent into the void as well.
        self._reset_all()

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
                Thread(target=self._carry, args=(source, sink, which), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, which: str) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if self._cut[which]:
                    continue
                self._carried[which] += len(data)
                sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

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
