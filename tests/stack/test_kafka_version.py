"""The version of a cluster is real, or it is said that the cluster does not report it."""

from __future__ import annotations

from typing import cast

import pytest

from support.clients.api_versions import Features
from support.clients.broker import BrokerClient, ConfigValue
from support.clients.kafka_address import KafkaAddress
from support.stack.attached import kafka_version as module
from support.stack.attached.kafka_version import kafka_version

ZOOKEEPER = {"inter.broker.protocol.version": ConfigValue("2.8-IV1", True)}
CONFLUENT = {"confluent.license.topic": ConfigValue("_confluent-command", True)}
NONE: dict[str, ConfigValue] = {}


class Cluster:
    kafka = KafkaAddress("127.0.0.1:9")

    def __init__(self, cluster_id: str = "MkU3OEVBNTcwNTJENDM2Qg") -> None:
        self._id = cluster_id

    def cluster_id(self) -> str:
        return self._id


def level(supported: int, in_force: int) -> Features:
    return Features({"metadata.version": supported}, {"metadata.version": in_force})


@pytest.mark.parametrize(
    ("features", "settings", "cluster", "version"),
    [
        (level(14, 14), ZOOKEEPER, Cluster(), "3.6 (metadata.version 3.6-IV2)"),
        (level(27, 21), NONE, Cluster(), "4.1 (metadata.version 3.9-IV0)"),
        (level(99, 32), NONE, Cluster(), "newer than 4.4 (metadata.version 4.4-IV1)"),
        (level(99, 98), NONE, Cluster(), "newer than 4.4 (metadata.version level 98)"),
        (Features({}, {}), ZOOKEEPER, Cluster(), "2.8 (inter.broker.protocol.version 2.8-IV1)"),
        (Features({}, {}), NONE, Cluster(), "of a version that it does not report"),
        (
            level(25, 25),
            CONFLUENT,
            Cluster(),
            "4.0 (metadata.version 4.0-IV3), of Confluent Server",
        ),
        (Features({}, {}), NONE, Cluster("redpanda.5b1c"), "API of Redpanda"),
    ],
)
def test_a_version_in_words(
    monkeypatch: pytest.MonkeyPatch,
    features: Features,
    settings: dict[str, ConfigValue],
    cluster: Cluster,
    version: str,
) -> None:
    monkeypatch.setattr(module, "features_of", lambda *_: features)
    assert kafka_version(cast(BrokerClient, cluster), settings) == version


def test_a_broker_that_can_t_be_asked_is_known_by_its_settings() -> None:
    assert kafka_version(cast(BrokerClient, Cluster()), ZOOKEEPER).startswith("2.8 ")
