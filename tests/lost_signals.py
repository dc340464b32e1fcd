"""Sends itself signals while administrative clients are made and freed, and counts those it sees.

    python -m tests.lost_signals SEED COUNT

Prints the number of signals that ended the wait in which they arrived. A client can take a second
to close, so tests run many of these processes at once.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import timedelta
from threading import Event, Thread

from confluent_kafka.admin import AdminClient

from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.interruption import check, forget, listen
from support.waiting import wait_until

PATIENCE = timedelta(seconds=20)
LATEST_S = 0.01
"""A client is made and freed several times within this time, or once when it closes slowly."""


def signal_after(seconds: float, which: signal.Signals = signal.SIGINT) -> Event:
    """Send this process a signal from another thread; the event is set once it was sent."""
    sent = Event()

    def send() -> None:
        time.sleep(seconds)
        os.kill(os.getpid(), which)
        sent.set()

    Thread(target=send, daemon=True).start()
    return sent


def seen(delay_s: float) -> bool:
    """Whether a signal after `delay_s` ends a wait that makes and frees clients."""
    sent = signal_after(delay_s)

    def made_and_freed() -> bool:
        AdminClient(client_config(KafkaAddress("127.0.0.1:9")))
        return sent.is_set()

    try:
        wait_until(
            made_and_freed, bool, PATIENCE, "a signal", every=timedelta(), tolerate=(Exception,)
        )
        check()
    except KeyboardInterrupt as interruption:
        return str(interruption) == "SIGINT"
    except Exception as error:  # noqa: BLE001 - the signal became another error
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        forget()
    return False


def main(seed: int, count: int) -> None:
    # A process in the background of a shell inherits an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    listen()
    chance = random.Random(seed)
    sys.stdout.write(f"{sum(seen(chance.random() * LATEST_S) for _ in range(count))}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
