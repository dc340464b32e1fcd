"""The audit of real pipelines: nothing is found on a clean one, and each seeded fault is."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from support import clock
from support.checks.audit import audited_rows
from support.clients.topic_routes import misread
from support.errors import Inconclusive
from support.read.event_reader import read_to_end
from support.record.audit import AuditedConnector, AuditRecord
from support.results.schema import Check, Verdict
from support.stack.embedded.postgres import SUPERUSER
from tests.contract.audit.schema import PUBLICATION, SCHEMA
from tests.contract.audit.team import FIRST, Team, table, unexplained
from tests.contract.audit.writer import Writer, alter
from tests.contract.seen_red import sees_red

EVERYTHING = "insert, update, delete, truncate"


def judged(audited: AuditedConnector) -> Check:
    """Judges one audited connector."""
    return audited_rows(AuditRecord((audited,), 1.0, 0))


def execute(team: Team, *statements: str, user: str = "") -> None:
    """Carries out statements, each in a transaction, by default with the team's role."""
    conninfo = make_conninfo(team.conninfo, user=user) if user else team.conninfo
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_nothing_differs_while_a_writer_changes_every_table(team: Team) -> None:
    topics, groups = team.broker.topics(), team.broker.groups()
    writer = Writer(team.conninfo)
    with writer.writing():
        clock.pause(timedelta(seconds=2))
        alter(team.conninfo)
        clock.pause(timedelta(seconds=1))
        found = {name: team.audit(name) for name in FIRST}
    assert writer.transactions > 100
    for name, audited in found.items():
        assert audited.cut.complete and not audited.doubts, audited.cut
        assert [(t.name, t.trouble) for t in audited.tables if t.trouble] == [], name
        assert unexplained(name, audited) == []
    assert judged(found["defaults"]).verdict is Verdict.PASS
    assert (team.broker.topics(), team.broker.groups()) == (topics, groups)


def last_event(team: Team, topic: str, code: str) -> tuple[int, bytes, dict[str, Any]]:
    """Returns partition, key and value of the last event of a row of `uniquely`."""
    found = list[tuple[int, bytes, dict[str, Any]]]()

    def take(message: Any) -> None:
        value = json.loads(message.value() or b"null")
        if value and value["after"] and value["after"]["code"] == code:
            found.append((message.partition(), message.key(), value))

    read_to_end(team.broker, (topic,), take, timedelta(seconds=10))
    return found[-1]


@sees_red("audited rows")
def test_seeded_faults_are_found(team: Team) -> None:
    quiet = f"INSERT INTO {SCHEMA}.uniquely SELECT 'quiet' || n, n FROM generate_series(1, 9) n"
    # Before the writer begins, whose changes would be lost as well.
    execute(
        team,
        quiet,
        f"ALTER PUBLICATION {PUBLICATION} SET (publish = 'truncate')",
        f"UPDATE {SCHEMA}.uniquely SET n = -4 WHERE code = 'quiet4'",
        f"DELETE FROM {SCHEMA}.uniquely WHERE code = 'quiet5'",
        f"INSERT INTO {SCHEMA}.uniquely VALUES ('quiet6b', 6)",
        f"ALTER PUBLICATION {PUBLICATION} SET (publish = '{EVERYTHING}')",
        f"UPDATE {SCHEMA}.\"Größen\" SET note = 'elsewhere' WHERE id = 3",
    )
    with Writer(team.conninfo).writing():
        team.audit("defaults")  # until everything has arrived
        topic = team.connector("defaults").topic(SCHEMA, "uniquely")
        partition, key, value = last_event(team, topic, "quiet1")
        altered = {**value, "op": "u", "after": {**value["after"], "n": 1001}}
        team.produce(topic, partition, key, json.dumps(altered).encode())
        partition, key, value = last_event(team, topic, "quiet2")
        deleted = {**value, "op": "d", "before": value["after"], "after": None}
        team.produce(topic, partition, key, json.dumps(deleted).encode())
        team.produce(topic, partition, key, None)
        audited = team.audit("defaults")
    wrong = table(audited, "uniquely")
    assert {(each.kind, each.key, each.what) for each in wrong.findings} == {
        ("different", "code=quiet1", "n is 1001 in the topic, 1 in the table"),
        ("missing", "code=quiet2", "its last event deletes it"),
        ("different", "code=quiet4", "n is 4 in the topic, -4 in the table"),
        ("surplus", "code=quiet5", "PostgreSQL does not have it"),
        ("missing", "code=quiet6b", "no event has it"),
    }
    assert [each.key for each in wrong.findings if each.offset is None] == ["code=quiet6b"]
    elsewhere = table(audited, "Größen")
    assert [each.key for each in elsewhere.findings] == ["id=3"]
    other = team.connector("defaults").topic(SCHEMA, misread("Größen"))
    assert any(other in note for note in elsewhere.notes)
    assert {t.name for t in audited.tables if t.wrong} == {wrong.name, elsewhere.name}
    check = judged(audited)
    assert (check.verdict, check.measured) == (Verdict.FAIL, 6), check.evidence


def test_a_table_that_the_role_may_not_read(team: Team) -> None:
    execute(
        team,
        "DROP ROLE IF EXISTS audit_reader",
        "CREATE ROLE audit_reader LOGIN",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO audit_reader",
        f"GRANT SELECT ON {SCHEMA}.composite TO audit_reader",
        user=SUPERUSER,
    )
    try:
        with Writer(team.conninfo).writing():
            reader = make_conninfo(team.conninfo, user="audit_reader")
            audited = team.audit("defaults", reader)
    finally:
        execute(team, "DROP OWNED BY audit_reader", "DROP ROLE audit_reader", user=SUPERUSER)
    assert not table(audited, "composite").trouble
    check = judged(audited)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert f"GRANT SELECT ON {SCHEMA}.large" in check.evidence[0]


def test_a_pipeline_that_is_not_alive(team: Team) -> None:
    team.client._call("PUT", "/connectors/texts/stop")
    try:
        with pytest.raises(Inconclusive, match="audit_texts is not read by anything"):
            clock.pause(timedelta(seconds=3))
            team.audit("texts")
    finally:
        team.client._call("PUT", "/connectors/texts/resume")


def test_unwrapped_records(team: Team) -> None:
    writer = Writer(team.conninfo)
    with team.instead("unwrapped", "numbers"), writer.writing():
        clock.pause(timedelta(seconds=3))
        audited = team.audit("unwrapped")
    assert [each.name for each in audited.tables] == [f"{SCHEMA}.composite", f"{SCHEMA}.large"]
    assert [(t.name, t.trouble, t.findings) for t in audited.tables if t.trouble or t.wrong] == []
    assert all(each.events > each.rows for each in audited.tables)
    assert judged(audited).verdict is Verdict.PASS
