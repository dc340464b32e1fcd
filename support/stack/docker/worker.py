"""A Kafka Connect worker in a container."""

from __future__ import annotations

from support.stack.capture import Worker
from support.stack.docker.container import Container


def worker_in(container: Container, url: str) -> Worker:
    """The worker that this container runs; `url` is its address for this host."""
    return Worker(
        url,
        container.alive,
        container.last_words,
        lambda: container.log.read_text(errors="replace"),
    )
