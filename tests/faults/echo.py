"""A TCP server that answers with what it was sent, and clients of a relay in front of it."""

from __future__ import annotations

import socket
from threading import Thread

from support.stack.relay import Relay


class Echo:
    """Answers every byte, and remembers what it got."""

    def __init__(self) -> None:
        self.got = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(peer,), daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        try:
            while data := peer.recv(1000):
                self.got += data
                peer.sendall(data)
        except OSError:
            return

    def close(self) -> None:
        self._listener.close()


def connected(relay: Relay) -> socket.socket:
    ((host, port),) = relay.kafka.servers
    client = socket.create_connection((host, port), timeout=5)
    client.sendall(b"hello")
    assert client.recv(10) == b"hello"
    client.settimeout(0.5)
    return client
