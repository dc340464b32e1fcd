"""A group is deleted once its coordinator is known and its members are gone."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress


class Admin:
    """Answers with these errors one after the other; None deletes the group."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)

    def delete_consumer_groups(self, names: list[str]) -> dict[str, Future[Any]]:
        code, future = self.answers.pop(0), Future[Any]()
        if code is None:
            future.set_result(None)
        else:
            future.set_exception(KafkaException(KafkaError(code)))
        return {names[0]: future}


def delete(monkeypatch: pytest.MonkeyPatch, admin: Admin) -> None:
    monkeypatch.setattr("support.clients.broker.AdminClient", lambda _config: admin)
    BrokerClient(KafkaAddress("127.0.0.1:9")).delete_groups(["g"])


@pytest.mark.parametrize(
    "passing",
    [
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.NON_EMPTY_GROUP,
    ],
)
@pytest.mark.parametrize("last", [None, KafkaError.GROUP_ID_NOT_FOUND])
def test_an_error_that_passes_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, passing: int, last: int | None
) -> None:
    admin = Admin(passing, last)
    delete(monkeypatch, admin)
    assert admin.answers == []


def test_a_refusal_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = Admin(KafkaError.GROUP_AUTHORIZATION_FAILED)
    with pytest.raises(KafkaException, match="GROUP_AUTHORIZATION_FAILED"):
        delete(monkeypatch, admin)
