"""The picture of a stack shows each kind of change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from support.waiting import wait_until
from tests.secured.access import BILLING, denied
from tests.secured.connect import CONNECTOR, TOPICS
from tests.secured.picture import changes, picture
from tests.secured.picture_database import database_lines
from tests.secured.stack import SecuredStack

PATIENCE_S = 20
OTHER_LIMIT = "2000000"
STATEMENTS = {
    "INSERT INTO shop.sessions VALUES ('x', now())": "rows of shop.sessions",
    "UPDATE shop.orders SET note = 'x' WHERE id = 7": "rows of shop.orders",
    "CREATE SCHEMA other": "+ schema",
    "ALTER TABLE shop.sessions ADD COLUMN more text": "+ column",
    "ALTER TABLE shop.sessions REPLICA IDENTITY FULL": "relation",
    "CREATE PUBLICATION other FOR TABLE shop.sessions": "+ publication",
    "ALTER PUBLICATION shop_cdc ADD TABLE shop.sessions": "publication",
    "GRANT SELECT ON shop.sessions TO acceptance": "relation",
    "ALTER ROLE acceptance CONNECTION LIMIT 5": "role",
    "ALTER ROLE acceptance SET work_mem = '5MB'": "+ setting of a role",
    "SELECT nextval('shop.orders_id_seq')": "sequence",
}
"""A statement -> the words of the picture about it."""


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_change_of_the_database_is_seen(secured_stack: SecuredStack, statement: str) -> None:
    with psycopg.connect(secured_stack.postgres.conninfo()) as superuser:
        before = sorted(database_lines(superuser))
        superuser.execute(statement.encode())
        seen = changes(before, sorted(database_lines(superuser)))
        superuser.rollback()
    assert STATEMENTS[statement] in seen


def test_a_replication_slot_is_seen(secured_stack: SecuredStack) -> None:
    before = picture(secured_stack)
    with psycopg.connect(secured_stack.postgres.conninfo(), autocommit=True) as superuser:
        superuser.execute("SELECT pg_create_physical_replication_slot('left_over')")
        seen = changes(before, picture(secured_stack))
        superuser.execute("SELECT pg_drop_replication_slot('left_over')")
    assert "+ slot: ('left_over'" in seen
    assert changes(before, picture(secured_stack)) == ""


@contextmanager
def another_setting(admin: AdminClient, kind: ResourceType, name: str) -> Iterator[None]:
    key = "max.message.bytes" if kind is ResourceType.TOPIC else "message.max.bytes"

    def seen() -> str:
        (described,) = admin.describe_configs([ConfigResource(kind, name)]).values()
        return str(described.result(PATIENCE_S)[key].value)

    def alter(operation: AlterConfigOpType, is_done: Callable[[str], bool]) -> None:
        entry = ConfigEntry(key, OTHER_LIMIT, incremental_operation=operation)
        resource = ConfigResource(kind, name, incremental_configs=[entry])
        for altered in admin.incremental_alter_configs([resource]).values():
            altered.result(PATIENCE_S)
        # A broker applies the controller's decision a moment later.
        wait_until(seen, is_done, timedelta(seconds=PATIENCE_S), f"{key} to change")

    alter(AlterConfigOpType.SET, lambda value: value == OTHER_LIMIT)
    yield
    alter(AlterConfigOpType.DELETE, lambda value: value != OTHER_LIMIT)


@contextmanager
def another_topic(admin: AdminClient) -> Iterator[None]:
    for created in admin.create_topics([NewTopic("left-over", 1)]).values():
        created.result(PATIENCE_S)
    yield
    for deleted in admin.delete_topics(["left-over"]).values():
        deleted.result(PATIENCE_S)


@contextmanager
def another_offset(stack: SecuredStack) -> Iterator[None]:
    consumer = Consumer({**stack.brokers.admin_settings(), "group.id": "billing"})
    for offset in (6, 5):
        consumer.commit(offsets=[TopicPartition(TOPICS[1], 0, offset)], asynchronous=False)
        if offset == 6:
            yield
    consumer.close()


@contextmanager
def another_record(stack: SecuredStack) -> Iterator[None]:
    producer = Producer(stack.brokers.admin_settings())
    producer.produce(TOPICS[0], b"?", partition=0)
    assert producer.flush(PATIENCE_S) == 0
    yield


def test_a_change_of_the_brokers_is_seen(secured_stack: SecuredStack) -> None:
    admin = secured_stack.brokers.admin()
    for change, words in (
        (another_setting(admin, ResourceType.TOPIC, TOPICS[0]), f"setting of TOPIC {TOPICS[0]}"),
        (another_setting(admin, ResourceType.BROKER, "1"), "setting of BROKER 1"),
        (another_topic(admin), "+ topic left-over"),
        (denied(admin, "billing", BILLING[0]), "+ access"),
        (another_offset(secured_stack), "+ offset of billing"),
    ):
        before = picture(secured_stack)
        with change:
            assert words in changes(before, picture(secured_stack))
        assert changes(before, picture(secured_stack)) == ""


def test_a_record_is_seen(secured_stack: SecuredStack) -> None:
    before = picture(secured_stack)
    with another_record(secured_stack):
        assert f"+ records of {TOPICS[0]} 0" in changes(before, picture(secured_stack))


def test_a_change_of_a_connector_is_seen(secured_stack: SecuredStack) -> None:
    before = picture(secured_stack)
    secured_stack.connect.change(f"connectors/{CONNECTOR}/pause")
    assert f"key of prod-connect-configs: target-state-{CONNECTOR}" in changes(
        before, picture(secured_stack)
    )
    secured_stack.connect.change(f"connectors/{CONNECTOR}/resume")
