"""A signal soon ends every wait of the main thread for a client or a process."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient

from support import clock
from support.clients.administration import Administration
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.connect_address import ConnectAddress
from support.clients.connection import client_config, flushed, metadata, polled
from support.clients.database import Database
from support.clients.kafka_address import KafkaAddress
from support.clients.kafka_ui import KafkaUi
from support.clients.kafka_ui_address import KafkaUiAddress
from support.clients.readiness import prove_ready
from support.interruption import forget, listen
from support.stack.processes.commands import run_to_end

NOBODY = KafkaAddress("127.0.0.1:9")
SENT_AFTER_S, SOON_S = 0.5, 2.5
"""The slowest is a consumer: a second for its poll, and one for its own end."""

LONG = timedelta(seconds=20)
SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def soon_interrupted() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    # Clients of the test before are ended now, and not in the middle of this one.
    gc.collect()
    forget()
    listen()

    def send() -> None:
        time.sleep(SENT_AFTER_S)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=send, daemon=True).start()
    yield
    forget()
    signal.signal(signal.SIGTERM, before)


def unsent() -> Producer:
    producer = Producer(client_config(NOBODY))
    producer.produce("nowhere", b"x")
    return producer


def reader() -> Consumer:
    consumer = Consumer(client_config(NOBODY, {"group.id": "nobody"}))
    consumer.subscribe(["nowhere"])
    return consumer


WAITS: dict[str, Callable[[int, Path], object]] = {
    "metadata": lambda _port, _folder: metadata(AdminClient(client_config(NOBODY)), LONG),
    "flush": lambda _port, _folder: flushed(unsent(), LONG),
    "poll": lambda _port, _folder: polled(reader(), LONG),
    "administration": lambda _port, _folder: Administration(NOBODY),
    "brokers": lambda _port, _folder: BrokerClient(NOBODY).brokers(),
    "groups": lambda _port, _folder: BrokerClient(NOBODY).groups(),
    "readiness": lambda _port, _folder: prove_ready(NOBODY, LONG),
    "Kafka Connect": lambda port, _folder: ConnectClient(
        ConnectAddress(f"http://127.0.0.1:{port}")
    ).plugins(),
    "Kafka UI": lambda port, _folder: KafkaUi(
        KafkaUiAddress(f"http://127.0.0.1:{port}")
    ).clusters(),
    "PostgreSQL": lambda port, _folder: Database(
        f"host=127.0.0.1 port={port} user=x dbname=x sslmode=disable"
    ).query("SELECT 1"),
    "a command": lambda _port, folder: run_to_end(
        "sleeper", SLEEPER, folder, folder / "processes", LONG
    ),
}


@pytest.mark.usefixtures("soon_interrupted")
@pytest.mark.parametrize("what", WAITS)
def test_it_ends_soon_after_the_signal(silent: int, tmp_path: Path, what: str) -> None:
    began = clock.now_ns()
    with pytest.raises(KeyboardInterrupt, match="SIGTERM"):
        WAITS[what](silent, tmp_path)
    assert clock.now_ns() - began < (SENT_AFTER_S + SOON_S) * clock.NS_PER_S
    assert not list(tmp_path.glob("processes/*"))
