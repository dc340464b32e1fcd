"""Judgements about a stack, from hand-written findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.clients.obstacles import Capacity
from support.clients.permissions import Acls
from support.survey.findings import (
    ContainersFound,
    Findings,
    MetricsFound,
    Part,
    Slot,
    Table,
    TeamFound,
    TopicAccess,
    UiFound,
)
from support.survey.lines import Level
from support.survey.text import NOT_USABLE, USABLE, exit_code, judged, report
from tests.survey.found import (
    CONNECT,
    DATABASE,
    EVERYTHING,
    PLUGIN,
    SECRET,
    findings,
    with_connect,
    with_connector,
    with_database,
    with_kafka,
    with_plugin,
)

EXPECTED = ("dbserver.public.users",)
OWN = "kafka-validation-check"


def text_of(found: Findings) -> str:
    return "\n".join(report(found, judged(found, EXPECTED), ()))


def said(found: Findings) -> list[tuple[Level, str]]:
    """Level and words of every line that is not fine."""
    return [
        (line.level, f"{line.text} | {line.then}")
        for _, lines in judged(found, EXPECTED)
        for line in lines
        if line.level not in (Level.FINE, Level.NOTE)
    ]


def test_a_stack_as_it_should_be_has_no_problem_and_no_warning() -> None:
    found = findings()
    assert said(found) == []
    assert exit_code(judged(found, EXPECTED)) == USABLE
    text = text_of(found)
    assert "2 brokers, version 3.6-IV2, SASL_SSL, SCRAM-SHA-512" in text
    assert "9 of 10 replication slots and 9 of 10 WAL senders are free" in text
    assert "captures 2 tables: public.orders -> inventory.public.orders" in text
    assert "2 CDC topics can be read" in text
    assert "Nothing was created or changed." in text


def test_no_password_of_a_connector_is_in_the_report() -> None:
    assert SECRET not in text_of(findings())
    assert SECRET not in repr(findings())


def test_every_part_that_can_not_be_used_is_reported_not_only_the_first() -> None:
    found = Findings(
        Part("Kafka", "k:1", trouble="No Kafka broker answers at k:1.\n  seen: refused"),
        Part("Kafka Connect", "http://c", trouble="The certificate is not trusted."),
        Part("PostgreSQL", "db:1/app", trouble="password authentication failed"),
    )
    assert [level for level, _ in said(found)] == [Level.UNUSABLE] * 3
    assert exit_code(judged(found, EXPECTED)) == NOT_USABLE
    text = text_of(found)
    assert "seen: refused" in text
    assert "3 PROBLEMs" in text


PROBLEMS = [
    (with_kafka(unreachable={"broker 2 at k2.example.com:9093": "refused"}), "advertised.listen"),
    (with_kafka(settings_trouble="may not read the broker's settings"), "may not read"),
    (with_kafka(internal_trouble="The offsets topic can't be created"), "offsets topic"),
    (with_kafka(creation={OWN: "Topic authorization failed."}), "topics named kafka-validation-*"),
    (
        with_kafka(creation={f"__debezium-heartbeat.{OWN}": "denied"}),
        "prefix __debezium-heartbeat.kafka-validation-",
    ),
    (with_kafka(own_groups=TopicAccess(OWN, frozenset({"DESCRIBE"}))), "Read, Delete not permit"),
    (with_plugin(installed=("io.other",)), "no Debezium connector for PostgreSQL"),
    (with_plugin(refused={"snapshot.mode": "is invalid"}), "-D connector.snapshot.mode="),
    (with_plugin(database_trouble="Kafka Connect can't use the data"), "can't use the data"),
    (with_plugin(unknown="The connector has no setting 'x'"), "no setting 'x'"),
    (with_database(logical_trouble="has no logical replication"), "no logical replication"),
    (with_database(rights_trouble="The role lacks permissions"), "lacks permissions"),
    (with_database(room=Capacity(2, 10, ("a", "b"), ())), "No WAL sender of PostgreSQL is free"),
    (with_database(room=Capacity(10, 1, (), ("a (no reader)",))), "no replication slot left"),
]


@pytest.mark.parametrize(("found", "words"), PROBLEMS, ids=[words for _, words in PROBLEMS])
def test_what_a_run_can_not_do_without_is_a_problem(found: Findings, words: str) -> None:
    ((level, text),) = said(found)
    assert level is Level.UNUSABLE
    assert words in text
    assert exit_code(judged(found, EXPECTED)) == NOT_USABLE


DENIED = Acls(
    allowed=frozenset({("ALL", "User:validation")}), denied=frozenset({("WRITE", "User:*")})
)
WARNINGS = [
    (with_kafka(unreachable={"old.example.com:9093": "unknown"}), "bootstrap server old.example"),
    (with_kafka(absent=(3,)), "not in the cluster: 3"),
    (with_kafka(topics=frozenset({"inventory.public.users"})), "inventory.public.orders"),
    (
        with_kafka(their_topics=(TopicAccess("inventory.public.users", frozenset({"DESCRIBE"})),)),
        "inventory.public.users (DescribeConfigs, Read)",
    ),
    (with_kafka(own_topics=TopicAccess(OWN, acls=Acls())), "no access control list permits Create"),
    (with_kafka(own_topics=TopicAccess(OWN, acls=DENIED)), "permits Write to User:validation"),
    (with_connect(reports_offsets=False), "3.6 can"),
    (with_connect(team=TeamFound(others=4)), "captures the database app (4 others)"),
    (with_connect(team=TeamFound(trouble="403")), "can't be listed: 403"),
    (with_connect(team=TeamFound(left_out=("connector x is not judged",))), "x is not judged"),
    (with_connect(skew_ms=90_000.0), "clock of Kafka Connect: 90.0 s"),
    (with_connector(state="PAUSED"), "connector inventory: PAUSED"),
    (with_connector(tasks=("RUNNING", "FAILED"), trace="boom"), "(boom)"),
    (with_connector(tasks=()), "tasks: no task"),
    (with_database(blocking=("session 7 has transaction 9",)), "session 7 has transaction 9"),
    (with_database(skew_ms=3000.0), "clock of PostgreSQL: 3.0 s"),
    (with_database(rights_warnings=("WARNING: pg_hba.conf does not",)), "pg_hba.conf"),
    (with_database(publications={"inventory_pub": frozenset({"public.users"})}), "publication lac"),
    (with_database(slots=(Slot("s", "pgoutput", False, 2_000_000_000, "reserved"),)), "2,000 MB"),
    (with_database(slots=(Slot("s", "pgoutput", False, 0, "lost"),)), "slot s is lost"),
    (with_database(tables=(Table("public", "users", False, True, "full"),)), "GRANT SELECT ON pub"),
]


@pytest.mark.parametrize(("found", "words"), WARNINGS, ids=[words for _, words in WARNINGS])
def test_what_a_run_can_do_without_is_a_warning(found: Findings, words: str) -> None:
    levels = {level for level, _ in said(found)}
    assert levels == {Level.WARNING}
    assert any(words in text for _, text in said(found)), said(found)
    assert exit_code(judged(found, EXPECTED)) == USABLE


NOT_KNOWN = [
    with_kafka(own_topics=TopicAccess(OWN, acls=Acls(trouble="CLUSTER_AUTHORIZATION_FAILED"))),
    with_kafka(own_topics=TopicAccess(OWN, acls=Acls()), principal=""),
    with_kafka(own_groups=TopicAccess(OWN, acls=Acls(trouble="CLUSTER_AUTHORIZATION_FAILED"))),
    with_kafka(their_topics=()),
    with_database(skew_ms=None),
]


@pytest.mark.parametrize("found", NOT_KNOWN)
def test_what_can_not_be_seen_is_not_called_wrong(found: Findings) -> None:
    assert said(found) == []


@pytest.mark.parametrize(
    ("acls", "super_users"),
    [
        (Acls(allowed=frozenset({("ALL", "User:validation")})), None),
        (Acls(allowed=frozenset({("ALL", "User:*")})), None),
        (
            Acls(
                allowed=frozenset((each, "User:validation") for each in EVERYTHING)
                | {("ALTER_CONFIGS", "User:validation")}
            ),
            None,
        ),
        (Acls(), "User:admin;User:validation"),
    ],
)
def test_access_control_lists_that_suffice(acls: Acls, super_users: str | None) -> None:
    found = with_kafka(
        own_topics=TopicAccess(OWN, acls=acls), settings={"super.users": super_users}
    )
    assert said(found) == []


def test_without_a_connector_of_the_team_the_expected_topics_are_looked_for() -> None:
    found = with_connect(team=TeamFound())
    assert any("dbserver.public.users" in text for _, text in said(found))


def test_a_kafka_ui_and_containers() -> None:
    more = (
        Part("Kafka UI", "http://ui", UiFound(())),
        Part("Containers", "kafka", ContainersFound({"kafka_container": "exited"})),
    )
    found = replace(findings(), more=more)
    assert [level for level, _ in said(found)] == [Level.WARNING, Level.UNUSABLE]
    good = (
        Part("Kafka UI", "http://ui", UiFound(("local",))),
        Part("Metrics", "http://k1:8778/jolokia/", MetricsFound("Jolokia", {"memory": "no RSS"})),
        Part("Containers", "kafka", ContainersFound({"kafka_container": "running"})),
    )
    assert said(replace(findings(), more=good)) == []


def test_the_findings_here_are_those_of_a_debezium_connector() -> None:
    assert CONNECT.plugin.name == PLUGIN
    assert {str(each) for each in DATABASE.tables} == {"public.orders", "public.users"}
