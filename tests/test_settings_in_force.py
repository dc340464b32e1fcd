"""The settings of a running stack are recorded without secrets."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from support import settings_in_force as module
from support.clients.broker import ConfigValue
from support.clients.team_connectors import PostgresConnector, TeamConnectors
from support.errors import StackError

SECRETS = {"sasl.jaas.config": 'x required password="S3cretPw";', "sasl.password": "S3cretPw"}


class Broker:
    def __init__(self, _kafka: object) -> None:
        """Takes the place of clients.broker.BrokerClient."""

    def broker_config(self) -> dict[str, ConfigValue]:
        # Kafka reports no value of a sensitive setting.
        return {"ssl.key.password": ConfigValue(None, False), "port": ConfigValue("1", False)}

    def topics(self) -> frozenset[str]:
        return frozenset()


class Connect:
    def __init__(self, _address: object) -> None:
        """Takes the place of clients.connect.ConnectClient."""

    def config(self, _name: str) -> dict[str, str]:
        return {"database.password": "S3cretPw", "tasks.max": "1", "producer.override.x": "y"}


class NoConnect(Connect):
    def config(self, _name: str) -> dict[str, str]:
        raise StackError("Kafka Connect refused it.")


class Refusing(Broker):
    """Lets this client read the settings of one topic of the team only."""

    def topics(self) -> frozenset[str]:
        return frozenset({"p.open", "p.secret", "p.gone"})

    def topic_config(self, topic: str) -> dict[str, ConfigValue]:
        errors = {
            "p.secret": KafkaError.TOPIC_AUTHORIZATION_FAILED,
            "p.gone": KafkaError.UNKNOWN_TOPIC_OR_PART,
        }
        if topic in errors:
            raise KafkaException(KafkaError(errors[topic]))
        return {"retention.ms": ConfigValue("1", False)}


def recorded(
    monkeypatch: pytest.MonkeyPatch, connect: type[Connect], *, shared: bool = False
) -> Any:
    monkeypatch.setattr(module, "BrokerClient", Broker)
    monkeypatch.setattr(module, "ConnectClient", connect)
    monkeypatch.setattr(module, "connectors_on", lambda _ends: TeamConnectors(()))
    baseline = SimpleNamespace(
        worker={"a": "b", "producer.acks": "1", **SECRETS},
        producer=SECRETS,
        consumer=SECRETS,
        broker={},
        topic={},
        cdc_topics=("t",),
    )
    ends = SimpleNamespace(kafka=None, connect=None)
    stack: Any = SimpleNamespace(shared=shared, baseline=baseline, endpoints=ends)
    return module.settings_in_force(stack)


def test_no_secret_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recorded(monkeypatch, Connect)
    assert "S3cretPw" not in str(found)
    assert found["connector"]["tasks.max"] == "1"
    assert found["worker"]["a"] == "b"
    assert found["worker"]["sasl.password"] == "***"
    assert found["broker"] == {"port": "1"}


def test_a_connect_that_does_not_answer_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recorded(monkeypatch, NoConnect)
    assert found["connector"] == {"not available": "Kafka Connect refused it."}


def test_a_topic_whose_settings_may_not_be_read_is_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = PostgresConnector("c", {"topic.prefix": "p"})
    monkeypatch.setattr(module, "connectors_on", lambda _ends: TeamConnectors((theirs,)))
    baseline = SimpleNamespace(topic={})
    stack: Any = SimpleNamespace(baseline=baseline, endpoints=None)
    found = module._team(Refusing(None), stack)  # type: ignore[arg-type]
    assert found["topic p.open"] == {"retention.ms": "1"}
    assert found["topic p.secret"] == {"not permitted": "DescribeConfigs"}
    assert found["topic p.gone"] == {"not available": "UNKNOWN_TOPIC_OR_PART"}


def test_of_the_worker_of_others_only_explained_settings_are_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = recorded(monkeypatch, Connect, shared=True)
    assert found["worker"] == {"producer.acks": "1"}
