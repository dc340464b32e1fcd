"""Compares the clock of a Kafka Connect worker with this host's."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from support import clock
from support.clients.connect import SERVER, TIMEOUT_S
from support.clients.connect_address import ConnectAddress
from support.clients.http_client import HttpClient
from support.clock import ClockOffset

SECOND_MS = 1000


def connect_clock(address: ConnectAddress) -> ClockOffset | None:
    """Measures the offset by the header Date of an answer, which has whole seconds.

    None if a proxy removes the header. Raises StackError.
    """
    client = HttpClient(SERVER, address, TIMEOUT_S)
    before_ns = clock.now_ns()
    answer = client.accepted("GET", "/")
    after_ns, text = clock.now_ns(), answer.headers.get("Date", "")
    try:
        date_ms = parsedate_to_datetime(text).timestamp() * 1000
    except ValueError:
        return None
    earliest = ClockOffset.seen(before_ns, date_ms, after_ns)
    return earliest.spanning(ClockOffset.seen(before_ns, date_ms + SECOND_MS, after_ns))
