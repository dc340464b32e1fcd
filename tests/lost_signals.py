"""Sends itself signals while administrative clients are made and freed, and counts those it sees.

    python -m tests.lost_signals PROCESSES COUNT

Prints, for each of the processes, how many of its COUNT signals ended the wait in which they
arrived. A client can take a second to close now and then: many processes share that wait.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from confluent_kafka.admin import AdminClient

from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.interruption import check, forget, listen
from support.waiting import wait_until
from tests.forked import forked

PATIENCE, WITHIN_S = timedelta(seconds=20), 100.0
LATEST_S = 0.01
"""A client is made and freed several times within this time, or once when it closes slowly."""


def signal_after(seconds: float, which: signal.Signals = signal.SIGINT) -> Event:
    """Sends this process a signal from another thread; the event is set once it was sent."""
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


def seen_of(count: int, seed: int) -> int:
    """Returns how many of `count` signals were seen."""
    # A process in the background of a shell inherits an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    listen()
    chance = random.Random(seed)
    return sum(seen(chance.random() * LATEST_S) for _ in range(count))


def main(processes: int, count: int) -> None:
    jobs = {str(seed): partial(seen_of, count, seed) for seed in range(processes)}
    sys.stdout.write(json.dumps(list(forked(jobs, WITHIN_S).values())))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
