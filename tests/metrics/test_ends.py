"""Threads that sample or write end on request, or report that they did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Event

import pytest

from support.clients.jolokia import JolokiaClient
from support.clients.kafka_address import KafkaAddress
from support.clients.usage import Usage
from support.errors import Inconclusive
from support.generate import row_writer
from support.generate.row_writer import RowWriter
from support.metrics import jmx, lag, sampler
from support.metrics.jmx import JmxSampler
from support.metrics.lag import LagWatch
from support.metrics.sampler import ResourceSampler

SOON_S = 0.2


@pytest.fixture
def stuck() -> Iterator[Event]:
    """An event that is not set before the test is over."""
    over = Event()
    yield over
    over.set()


def test_a_sample_of_the_resources_that_does_not_end_is_reported(
    monkeypatch: pytest.MonkeyPatch, stuck: Event
) -> None:
    monkeypatch.setattr(sampler, "LAST_SAMPLE_S", SOON_S)

    def read() -> Mapping[str, Usage]:
        stuck.wait(30)
        return {}

    watch = ResourceSampler(read)
    watch.start()
    assert watch.stop() == {}
    assert "did not end" in str(watch.trouble)


def test_a_reading_of_jmx_that_does_not_end_is_reported(
    monkeypatch: pytest.MonkeyPatch, stuck: Event
) -> None:
    monkeypatch.setattr(jmx, "LAST_READING_S", SOON_S)
    monkeypatch.setattr(JolokiaClient, "read", lambda *_: stuck.wait(30) and {})
    watch = JmxSampler("http://127.0.0.1:9/")
    watch.start()
    assert watch.stop() is None
    assert "did not end" in str(watch.trouble)


def test_a_lag_that_can_t_be_read_makes_the_watch_inconclusive(
    monkeypatch: pytest.MonkeyPatch, stuck: Event
) -> None:
    reading = Event()

    def read_lag(*_: object) -> None:
        reading.set()
        stuck.wait(30)

    monkeypatch.setattr(lag, "LAST_SAMPLE_S", SOON_S)
    monkeypatch.setattr(lag, "read_lag", read_lag)
    watch = LagWatch(KafkaAddress("127.0.0.1:9"), "group", "topic")
    assert reading.wait(10)
    with pytest.raises(Inconclusive, match="does not answer"):
        watch.stop()


def test_a_transaction_that_does_not_end_is_reported_by_the_row_writer(
    monkeypatch: pytest.MonkeyPatch, stuck: Event
) -> None:
    monkeypatch.setattr(row_writer, "LAST_S", SOON_S)
    monkeypatch.setattr(RowWriter, "_run", lambda _: stuck.wait(30))
    writer = RowWriter("", "schema", 1, 10, 1)
    writer.start()
    writer.stop()
    assert "did not end" in str(writer.trouble)
