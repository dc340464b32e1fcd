"""The settings of others next to those of the baseline."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from support.clients.broker import ConfigValue
from support.clients.tables_of_database import Table
from support.clients.team_connectors import PostgresConnector
from support.experiment.baseline_compared import _topics
from support.experiment.team import Team, TeamTable


@pytest.mark.parametrize("error", [KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError._TRANSPORT])
def test_settings_of_a_topic_that_may_not_be_read_are_not_known(error: int) -> None:
    def config(_topic: str) -> dict[str, ConfigValue]:
        raise KafkaException(KafkaError(error))

    broker = SimpleNamespace(topics=lambda: {"a"}, replicas=lambda _: {0: 3}, topic_config=config)
    asked: Any = SimpleNamespace(broker=broker)
    shop = PostgresConnector("shop", {})
    team = Team([shop], [TeamTable(shop, Table("s", "a", True, True, 0, 0), "a")])
    wanted = {"retention.ms": "1", "replication.factor": "1"}
    if error == KafkaError._TRANSPORT:
        with pytest.raises(KafkaException):
            list(_topics(asked, wanted, team))
    else:
        found = {each.setting: each.theirs for each in _topics(asked, wanted, team)}
        assert found == {"retention.ms": None, "replication.factor": "3"}
