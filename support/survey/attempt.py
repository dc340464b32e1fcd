"""Runs one look: what it returns, or why it could not, in words."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import psycopg
from confluent_kafka import KafkaException

from support import clock
from support.errors import Explained, NotInTime
from support.waiting import wait_until

T = TypeVar("T")

EXPECTED = (Explained, KafkaException, psycopg.Error, OSError, TimeoutError)
"""The errors of the clients of all parts."""
CONNECT_S = 4.0
LONGEST = 600


def attempt(look: Callable[[], T]) -> tuple[T | None, str]:
    """Returns the result of a look and an empty text, or None and the reason why it failed."""
    try:
        return look(), ""
    except EXPECTED as error:
        return None, words_of(error)


def words_of(error: Exception) -> str:
    """Returns the message of an error of a client."""
    if isinstance(error, KafkaException):
        reason = error.args[0]
        return str(reason.str() or reason.name())[:LONGEST]
    if isinstance(error, Explained):
        return str(error)
    return (" ".join(str(error).split()) or type(error).__name__)[:LONGEST]


def unreachable(host: str, port: int) -> str:
    """Returns why no TCP connection to this place can be made from here; empty if it can."""
    try:
        with socket.create_connection((host, port), CONNECT_S):
            return ""
    except socket.gaierror:
        return f"the host name {host} is not known here"
    except TimeoutError:
        return f"no answer within {CONNECT_S:g} s: a firewall, or a host that is down"
    except OSError as error:
        return (error.strerror or str(error)).lower()


def at_once(looks: Sequence[Callable[[], T]], within: timedelta) -> list[T | None]:
    """Returns the results of looks that run at the same time; None for one that did not end.

    A look that raises an error raises it here.
    """
    found: list[T | None] = [None] * len(looks)
    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            found[number] = looks[number]()
        except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
            failed.append(error)

    # Daemons: a look without an answer must not keep the process alive.
    threads = [
        threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(looks))
    ]
    for each in threads:
        each.start()
    with suppress(NotInTime):
        wait_until(
            lambda: [each for each in threads if each.is_alive()],
            lambda running: not running,
            within,
            "every part to answer",
            every=timedelta(milliseconds=20),
        )
    if failed:
        raise failed[0]
    return found


def seconds_since(began_ns: int) -> float:
    """Returns the seconds since a monotonic time."""
    return round((clock.now_ns() - began_ns) / clock.NS_PER_S, 1)
