"""Interrupts waits of the main thread with a signal, and prints how they ended.

    python -m tests.clients.interrupted_waits FOLDER

Each wait has a separate process, so that they wait at the same time. Prints JSON: wait -> its
error, the seconds from the signal to it, and files of processes that were left behind.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread

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
from support.interruption import listen
from support.stack.processes.commands import run_to_end
from tests.forked import forked

NOBODY = KafkaAddress("127.0.0.1:9")
SENT_AFTER_S = 0.5
LONG, AT_MOST_S = timedelta(seconds=20), 30.0
SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


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


def interrupted(name: str, port: int, folder: Path) -> tuple[str, float, list[str]]:
    """Waits and is interrupted. Returns the error, the seconds to it, and the files left."""
    listen()
    sent_ns = clock.now_ns() + int(SENT_AFTER_S * clock.NS_PER_S)
    Thread(target=send_later, daemon=True).start()
    error = "none"
    try:
        WAITS[name](port, folder)
    except BaseException as raised:  # noqa: BLE001 - the test wants a KeyboardInterrupt
        error = f"{type(raised).__name__}: {raised}"
    seconds = (clock.now_ns() - sent_ns) / clock.NS_PER_S
    return error, seconds, [path.name for path in folder.glob("processes/*")]


def send_later() -> None:
    time.sleep(SENT_AFTER_S)
    os.kill(os.getpid(), signal.SIGTERM)


def main(folder: Path) -> None:
    # The server accepts connections, and never answers.
    with socket.create_server(("127.0.0.1", 0)) as server:
        jobs = {}
        for name in WAITS:
            (folder / name).mkdir()
            jobs[name] = partial(interrupted, name, server.getsockname()[1], folder / name)
        sys.stdout.write(json.dumps(forked(jobs, AT_MOST_S)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
