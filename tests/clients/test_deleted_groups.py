"""A group is deleted once its coordinator is known and its members are gone.

A group or topic that can't be deleted does not keep the others.
"""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.errors import NotInTime


class Admin:
    """Answers with these errors one after the other; None deletes the group or topic."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)

    def delete_consumer_groups(self, names: list[str]) -> dict[str, Future[Any]]:
        return {names[0]: self._answer()}

    def delete_topics(self, names: list[str], **_: object) -> dict[str, Future[Any]]:
        return {name: self._answer() for name in names}

    def _answer(self) -> Future[Any]:
        code, future = self.answers.pop(0), Future[Any]()
        if code is None:
            future.set_result(None)
        else:
            future.set_exception(KafkaException(KafkaError(code)))
        return future


def client_of(monkeypatch: pytest.MonkeyPatch, admin: Admin) -> BrokerClient:
    monkeypatch.setattr("support.clients.broker.AdminClient", lambda _config: admin)
    return BrokerClient(KafkaAddress("127.0.0.1:9"))


def delete(monkeypatch: pytest.MonkeyPatch, admin: Admin, *names: str) -> None:
    client_of(monkeypatch, admin).delete_groups(names or ["g"])


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


def test_after_a_refusal_the_other_groups_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = KafkaError.GROUP_AUTHORIZATION_FAILED
    admin = Admin(refused, KafkaError.NON_EMPTY_GROUP, None, None)
    with pytest.raises(KafkaException, match="GROUP_AUTHORIZATION_FAILED"):
        delete(monkeypatch, admin, "forbidden", "busy", "idle")
    assert admin.answers == []


def test_groups_with_members_do_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support.clients.broker.LONGEST_SESSION", timedelta(0))
    admin = Admin(KafkaError.NON_EMPTY_GROUP, None, KafkaError.NON_EMPTY_GROUP)
    with pytest.raises(NotInTime, match=r"seen: \['busy', 'busier'\]"):
        delete(monkeypatch, admin, "busy", "idle", "busier")
    assert admin.answers == []


def test_every_refusal_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support.clients.broker.LONGEST_SESSION", timedelta(0))
    admin = Admin(KafkaError.NON_EMPTY_GROUP, KafkaError.GROUP_AUTHORIZATION_FAILED)
    with pytest.raises(KafkaException, match="GROUP_AUTHORIZATION_FAILED") as raised:
        delete(monkeypatch, admin, "busy", "forbidden")
    assert "['busy']" in raised.value.__notes__[0]


def test_the_answer_about_every_topic_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = KafkaError.TOPIC_AUTHORIZATION_FAILED
    admin = Admin(KafkaError.UNKNOWN_TOPIC_OR_PART, refused, KafkaError.REQUEST_TIMED_OUT)
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED") as raised:
        client_of(monkeypatch, admin).delete_topics(["missing", "forbidden", "slow"])
    assert "REQUEST_TIMED_OUT" in raised.value.__notes__[0]
