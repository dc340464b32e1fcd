"""The answer to an administrative request: its result, or an error that keeps nothing alive."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress

import pytest
from confluent_kafka import KafkaError, KafkaException

from support.clients.answers import answer
from support.clients.kafka_address import KafkaAddress

KAFKA = KafkaAddress("127.0.0.1:9")
MISSING = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART, "no such topic")


class Client:
    """Stands for an AdminClient, whose threads end when Python frees it."""

    def refused(self) -> None:
        future: Future[None] = Future()
        future.set_exception(KafkaException(MISSING))
        answer(future, KAFKA)


@pytest.fixture
def without_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_a_result_is_returned() -> None:
    future: Future[int] = Future()
    future.set_result(7)
    assert answer(future, KAFKA) == 7


def test_a_refusal_is_raised_with_its_code() -> None:
    with pytest.raises(KafkaException) as refused:
        Client().refused()
    assert refused.value.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART


@pytest.mark.usefixtures("without_collection")
def test_a_refusal_does_not_keep_the_client_alive() -> None:
    client = Client()
    alive = weakref.ref(client)
    with suppress(KafkaException):
        client.refused()
    del client
    assert alive() is None
