"""Every setting that Connect and Debezium know is accepted; a typing error is not."""

from __future__ import annotations

import pytest

from support.baseline import Baseline
from support.stack.known_settings import (
    nearest,
    unknown_to_connector,
    unknown_to_worker,
    worker_settings,
)

DECLARED = frozenset(
    {
        "snapshot.mode",
        "poll.interval.ms",
        "column.include.list",
        "column.exclude.list",
        "column.mask.with.(d+).chars",
        "column.propagate.source.type",
        "heartbeat.action.query",
        "notification.enabled.channels",
        "notification.sink.topic.name",
        "signal.data.collection",
        "signal.enabled.channels",
        "database.sslmode",
        "database.tcpKeepAlive",
        "transforms",
        "predicates",
        "key.converter",
        "value.converter",
        "converters",
        "errors.tolerance",
        "skipped.operations",
        "topic.creation.groups",
        "topic.prefix",
    }
)

TAKEN = (
    "value.converter.schemas.enable",
    "key.converter.schemas.enable",
    "value.converter",
    "value.converter.schema.registry.url",
    "header.converter.type",
    "column.mask.with.5.chars",
    "column.mask.with.0.chars",
    "column.truncate.to.20.chars",
    "column.mask.hash.SHA-256.with.salt.CzQMA0cB5K",
    "column.mask.hash.v2.SHA-512.with.salt.x.y",
    "transforms",
    "transforms.route.type",
    "transforms.route.topic.regex",
    "predicates.p.type",
    "producer.override.acks",
    "producer.override.interceptor.classes",
    "producer.override.compression.type",
    "consumer.override.max.poll.records",
    "admin.override.retries",
    "topic.creation.default.replication.factor",
    "topic.creation.big.partitions",
    "database.sslmode",
    "database.sslcert",
    "database.sslkey",
    "database.connectTimeout",
    "database.initial.statements",
    "driver.loginTimeout",
    "schema.history.internal.kafka.topic",
    "signal.data.collection",
    "signal.kafka.topic",
    "signal.consumer.security.protocol",
    "heartbeat.action.query",
    "notification.sink.topic.name",
    "snapshot.select.statement.overrides.public.users",
    "isbn.type",
    "isbn.schema.name",
    "internal.schema",
    "topic.delimiter",
)


@pytest.mark.parametrize("key", TAKEN)
def test_what_the_connector_takes_is_accepted(key: str) -> None:
    given = {"converters": "isbn, money", key: "x"}
    assert list(unknown_to_connector(given, DECLARED)) == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("poll.intervall.ms", "poll.interval.ms"),
        ("column.exlude.list", "column.exclude.list"),
        ("column.mask.with.five.chars", "column.mask.with.(d+).chars"),
        ("column.mask.with.5.char", "column.mask.with.(d+).chars"),
        ("value.converter.schema.enable", "value.converter.schemas.enable"),
        ("value.convertor.schemas.enable", "value.converter.schemas.enable"),
        ("producer.override.akcs", "producer.override.acks"),
        ("producer.overide.acks", "producer.override.acks"),
        ("database.sslmod", "database.sslmode"),
        ("transformss", "transforms"),
        ("errors.tolerence", "errors.tolerance"),
        ("money.type", ""),
    ],
)
def test_a_slip_is_found_and_what_was_meant_is_named(key: str, meant: str) -> None:
    given = {"converters": "isbn", key: "x"}
    assert list(unknown_to_connector(given, DECLARED)) == [key]
    assert not meant or nearest(key, DECLARED) == meant


LOG = """\
[2026-11-28 02:46:12,026] INFO DistributedConfig values: 
\toffset.flush.interval.ms = 2000
\toffset.storage.topic = connect-offsets
\tvalue.converter = class org.apache.kafka.connect.json.JsonConverter
 (DistributedConfig)
[2026-11-28 02:46:13,026] INFO ProducerConfig values: 
\tacks = -1
 (ProducerConfig)
"""  # noqa: W291 - as Kafka writes it


def test_a_worker_knows_its_own_settings_and_not_those_of_its_clients() -> None:
    known = worker_settings(LOG)
    assert known == {"offset.flush.interval.ms", "offset.storage.topic", "value.converter"}
    taken = (
        "producer.acks",
        "offset.storage.cleanup.policy",
        "config.providers.file.class",
        "value.converter.schemas.enable",
        "offset.flush.interval.ms",
    )
    assert list(unknown_to_worker(dict.fromkeys(taken, "x"), known)) == []
    slips = ("acks", "ofset.flush.interval.ms", "producer.akcs", "offset.storage.partition")
    assert list(unknown_to_worker(dict.fromkeys(slips, "x"), known)) == list(slips)
    assert worker_settings("nothing") == frozenset()


def test_of_the_database_only_its_address_is_the_run_s_own() -> None:
    assert Baseline.load({"connector": {"database.sslmode": "require"}})
