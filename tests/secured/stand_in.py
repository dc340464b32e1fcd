"""A server that answers in place of a part: with TLS and any certificate, or without TLS."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from support.stack.listening import LOOPBACK

SSL_REQUEST_LENGTH = 8
"""Of the message by which a client of PostgreSQL asks for TLS."""


@contextmanager
def stand_in(certificate: Path | None, *, postgres: bool = False) -> Iterator[int]:
    """Yields the port of a server.

    Without a `certificate` it has no TLS, and refuses it as PostgreSQL does if `postgres` is set.
    """
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(10)
            with suppress(OSError):
                self._answer(self.request)

        def _answer(self, connection: Any) -> None:
            if postgres:
                connection.recv(SSL_REQUEST_LENGTH)
                connection.sendall(b"S" if context else b"N")
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            elif not postgres:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
            connection.close()

    with socketserver.ThreadingTCPServer((LOOPBACK, 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
