"""Hand-written findings of a stack where everything is as it should be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from support.clients.obstacles import Capacity
from support.clients.permissions import NO_AUTHORIZER, Acls, Broker
from support.clients.team_connectors import PostgresConnector
from support.survey.findings import (
    ConnectFound,
    ConnectorFound,
    DatabaseFound,
    Findings,
    KafkaFound,
    Part,
    PluginFound,
    Slot,
    Table,
    TeamFound,
    TopicAccess,
)

PLUGIN = "io.debezium.connector.postgresql.PostgresConnector"
SECRET = "S3cretPw"
EVERYTHING = frozenset({"READ", "WRITE", "DESCRIBE", "DESCRIBE_CONFIGS", "DELETE", "CREATE"})
TOPICS = frozenset({"inventory.public.users", "inventory.public.orders", "__consumer_offsets"})

KAFKA = KafkaFound(
    security="SASL_SSL, SCRAM-SHA-512",
    version="3.6-IV2",
    brokers=(Broker(1, "k1.example.com", 9093), Broker(2, "k2.example.com", 9093)),
    topics=TOPICS,
    settings={"super.users": None},
    operations=EVERYTHING,
    creation={"kafka-validation-check-7": "", "__debezium-heartbeat.kafka-validation-check-7": ""},
    own_topics=TopicAccess("kafka-validation-check", acls=Acls(trouble=NO_AUTHORIZER)),
    own_groups=TopicAccess("kafka-validation-check", EVERYTHING),
    their_topics=tuple(TopicAccess(name, EVERYTHING) for name in sorted(TOPICS)),
    principal="User:validation",
)
CONNECTOR = ConnectorFound(
    PostgresConnector(
        "inventory",
        {
            "connector.class": PLUGIN,
            "topic.prefix": "inventory",
            "database.password": SECRET,
            "publication.name": "inventory_pub",
            "slot.name": "inventory_slot",
        },
    ),
    "RUNNING",
    ("RUNNING",),
)
CONNECT = ConnectFound(
    security="TLS, basic auth as validation",
    versions={"connect": "3.6.1", "debezium": "2.5.4.Final"},
    plugin=PluginFound(PLUGIN, (PLUGIN,)),
    team=TeamFound((CONNECTOR,)),
    reports_offsets=True,
    skew_ms=12.0,
)
DATABASE = DatabaseFound(
    security="TLSv1.3 (TLS_AES_256_GCM_SHA384)",
    version="16.4",
    role="validation",
    name="app",
    room=Capacity(10, 10, ("debezium of cdc",), ("inventory_slot (read by process 7)",)),
    tables=(
        Table("public", "orders", True, True, "full"),
        Table("public", "users", True, True, "default"),
    ),
    slots=(Slot("inventory_slot", "pgoutput", True, 5_000_000, "reserved"),),
    publications={"inventory_pub": frozenset({"public.users", "public.orders"})},
    skew_ms=0.0,
)


def findings(
    kafka: KafkaFound = KAFKA,
    connect: ConnectFound = CONNECT,
    database: DatabaseFound = DATABASE,
) -> Findings:
    return Findings(
        Part("Kafka", "k1.example.com:9093", kafka),
        Part("Kafka Connect", "https://connect.example.com:8083", connect),
        Part("PostgreSQL", "db.example.com:5432/app", database),
        took_s=1.5,
    )


def with_kafka(**changes: Any) -> Findings:
    return findings(kafka=replace(KAFKA, **changes))


def with_connect(**changes: Any) -> Findings:
    return findings(connect=replace(CONNECT, **changes))


def with_plugin(**changes: Any) -> Findings:
    return with_connect(plugin=replace(CONNECT.plugin, **changes))


def with_connector(**changes: Any) -> Findings:
    return with_connect(team=TeamFound((replace(CONNECTOR, **changes),)))


def with_database(**changes: Any) -> Findings:
    return findings(database=replace(DATABASE, **changes))
