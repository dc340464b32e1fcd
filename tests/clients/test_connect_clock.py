"""The clock of a worker, by the header Date of an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

from support import clock
from support.clients.connect_address import ConnectAddress
from support.clients.connect_clock import connect_clock


@contextmanager
def worker(date: str | None) -> Iterator[ConnectAddress]:
    """A server whose answers have this header Date."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            if date is not None:
                self.send_header("Date", date)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield ConnectAddress(f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()


def skew_ms(behind: timedelta) -> float:
    with worker(format_datetime(clock.utc_now() - behind, usegmt=True)) as address:
        found = connect_clock(address)
    assert found is not None
    return found.least_skew_ms()


def test_the_same_clock_has_no_difference() -> None:
    assert skew_ms(timedelta()) < 1000


def test_a_clock_that_is_late_is_seen_within_a_second() -> None:
    assert 88_500 < skew_ms(timedelta(seconds=90)) <= 91_500


def test_an_answer_without_a_date_shows_nothing() -> None:
    for date in (None, "yesterday"):
        with worker(date) as address:
            assert connect_clock(address) is None
