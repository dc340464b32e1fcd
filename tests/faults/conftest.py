"""A relay in front of a real TCP server."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from support.clients.kafka_address import KafkaAddress
from support.stack.relay import Relay
from tests.faults.echo import Echo


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def relay(echo: Echo) -> Iterator[Relay]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Relay(port, echo.port, KafkaAddress("127.0.0.1:9"))
    yield made
    made.close()
