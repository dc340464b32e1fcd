from __future__ import annotations

import pytest

from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress


@pytest.mark.parametrize(
    ("bootstrap", "servers"),
    [
        ("broker:9092", (("broker", 9092),)),
        ("10.0.0.1", (("10.0.0.1", 9092),)),
        ("[::1]:9094", (("::1", 9094),)),
        ("[fe80::1%eth0]", (("fe80::1%eth0", 9092),)),
        ("SASL_SSL://broker:9092", (("broker", 9092),)),
        ("a:1, [2001:db8::7]:2,c", (("a", 1), ("2001:db8::7", 2), ("c", 9092))),
    ],
)
def test_the_servers_of_an_address(bootstrap: str, servers: tuple[tuple[str, int], ...]) -> None:
    assert KafkaAddress(bootstrap).servers == servers


@pytest.mark.parametrize(
    "wrong", ["::1:9092", "broker:", "broker:http", "broker:0", "broker:65536", "a,,b", "a b:1"]
)
def test_what_is_no_address(wrong: str) -> None:
    with pytest.raises(ValueError, match="'"):
        _ = KafkaAddress(wrong).servers


def test_a_broker_of_the_same_cluster_has_the_same_security() -> None:
    cluster = KafkaAddress("a:1,b:2", {"security.protocol": "SSL"})
    assert cluster.at("::1", 3) == KafkaAddress("[::1]:3", {"security.protocol": "SSL"})
    assert cluster.at("c", 4).servers == (("c", 4),)


def test_security_is_in_no_text_and_in_every_client() -> None:
    cluster = KafkaAddress("a:1", {"sasl.password": "s3cret", "broker.address.family": "any"})
    assert "s3cret" not in f"{cluster} {cluster!r}"
    config = client_config(cluster, {"acks": "all"})
    assert config["sasl.password"] == "s3cret"
    assert config["broker.address.family"] == "any"
    assert client_config(KafkaAddress("a:1"))["broker.address.family"] == "v4"
