"""A Kafka Connect worker in a container."""

from __future__ import annotations

from support.clients.connect_address import ConnectAddress
from support.stack.capture import Worker
from support.stack.docker.container import Container


def worker_in(container: Container, address: ConnectAddress) -> Worker:
    """The worker that this container runs; `address` is the one for this host."""
    return Worker(
        address,
        container.alive,
        container.last_words,
        lambda: container.log.read_text(errors="replace"),
    )
