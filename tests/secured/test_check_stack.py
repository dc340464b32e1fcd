"""`make check-stack` on a stack with TLS, logins and access control everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from support.settings import ROOT
from tests.secured.brokers import MECHANISM
from tests.secured.picture_kafka import ANY_ACL
from tests.secured.stack import SecuredStack

LIMIT_S = 30
IN_DATABASE = (
    "SELECT slot_name FROM pg_replication_slots",
    "SELECT pubname FROM pg_publication",
    "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_temp%'",
    "SELECT schemaname, tablename FROM pg_tables",
)


def state(stack: SecuredStack) -> dict[str, Any]:
    """Everything that a look could have created or removed."""
    admin = stack.brokers.admin()
    groups = admin.list_consumer_groups(request_timeout=10).result()
    with psycopg.connect(stack.postgres.conninfo()) as connection:
        rows = [sorted(connection.execute(each.encode()).fetchall()) for each in IN_DATABASE]
    return {
        "topics": sorted(admin.list_topics(timeout=10).topics),
        "groups": sorted(each.group_id for each in groups.valid),
        "lists": {str(each) for each in admin.describe_acls(ANY_ACL).result()},
        "connectors": stack.connect.get("connectors?expand=info"),
        "database": rows,
    }


def checked(stack: SecuredStack, *options: str, **environment: str) -> tuple[int, str]:
    """Returns the exit code and the output, in one line, of a check."""
    done = subprocess.run(
        [sys.executable, "-m", "check_stack", *options],
        cwd=ROOT,
        env={**os.environ, **stack.environment, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    output = done.stdout + done.stderr
    assert not [name for name, secret in stack.passwords.items() if secret in output]
    return done.returncode, " ".join(output.split())


@pytest.mark.parametrize("mutual", [False, True], ids=["SCRAM", "mutual TLS"])
def test_everything_is_found_and_nothing_changed(
    secured_stack: SecuredStack, *, mutual: bool
) -> None:
    before = state(secured_stack)
    code, output = checked(secured_stack, *secured_stack.options(mutual=mutual))
    assert state(secured_stack) == before
    assert code == 0, output
    assert "PROBLEM " not in output
    for words in (
        "SSL" if mutual else f"SASL_SSL, {MECHANISM}",
        "topics named kafka-validation-* can be created",
        "groups named kafka-validation-*: Read, Describe, Delete permitted",
        "TLS, basic auth as developer",
        "TLSv1.3",
        "may replicate, and create a schema and a publication",
        "RUNNING, tasks: RUNNING",
        "shop.orders -> prod.shop.orders",
    ):
        assert words in output, f"{words}: {output}"


def test_lists_are_judged_for_the_user(secured_stack: SecuredStack) -> None:
    _, output = checked(secured_stack, *secured_stack.options())
    assert "topics named kafka-validation-*: Create, Delete, Describe" in output
    assert "permitted to User:acceptance" in output


@pytest.mark.parametrize(
    ("options", "environment", "words"),
    [
        ((), {"PGPASSWORD": "wrong"}, "password authentication failed"),
        ((), {"KAFKA_VALIDATION_CONNECT_PASSWORD": "wrong"}, "did not accept the user developer"),
        (("-D", "connect_ca=OTHER"), {}, "certificate of Kafka Connect"),
        (("-D", "bootstrap=localhost:1"), {}, "connection refused"),
    ],
    ids=["password of PostgreSQL", "password of Connect", "another CA", "port of Kafka"],
)
def test_one_part_that_can_not_be_used_is_named_and_the_others_are_looked_at(
    secured_stack: SecuredStack,
    options: tuple[str, ...],
    environment: dict[str, str],
    words: str,
) -> None:
    other = str(secured_stack.brokers.admin_settings()["ssl.certificate.location"])
    options = tuple(each.replace("OTHER", other) for each in options)
    code, output = checked(secured_stack, *secured_stack.options(), *options, **environment)
    assert code == 2
    assert words in output
    assert "scenarios: runs" in output
