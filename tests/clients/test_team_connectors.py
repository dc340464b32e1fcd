"""Finding the team's connectors: what they capture, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from support.clients.connect import ConnectClient, ConnectorState
from support.clients.http_troubles import Refused
from support.clients.team_connectors import SUITES_OWN, PostgresConnector, team_connectors
from support.clients.topic_routes import Unmapped, misread
from support.errors import StackError
from support.stack.leftovers import OWNED, PREFIX

CLASS = "io.debezium.connector.postgresql.PostgresConnector"
ROUTER = "org.apache.kafka.connect.transforms.RegexRouter"
BY_TABLE = "io.debezium.transforms.ByLogicalTableRouter"


@dataclass(frozen=True)
class Server:
    name: str
    places: tuple[tuple[str, int], ...] = (("db", 5432), ("postgres", 5433))


HARMLESS = {
    "delete.tombstone.handling.mode": "rewrite",
    "delete.handling.mode": "rewrite",
    "drop.tombstones": "false",
    "add.fields": "op,table",
    "add.headers": "lsn",
}
"""Settings of ExtractNewRecordState that do not change the topic."""
SLOTS = frozenset({"debezium"})


class Worker(ConnectClient):
    """Stands in for Kafka Connect."""

    def __init__(self, configs: Mapping[str, Mapping[str, str]]) -> None:
        self._configs = configs

    def connectors(self) -> tuple[str, ...]:
        return tuple(self._configs)

    def state(self, name: str) -> ConnectorState:
        return ConnectorState("RUNNING", (self._configs[name].get("task", "FAILED"),), "")

    def config(self, name: str) -> dict[str, str]:
        if "status" in self._configs[name]:
            error = Refused(f"Kafka Connect does not permit GET {name}.")
            error.status = int(self._configs[name]["status"])
            raise error
        return dict(self._configs[name])


def on(database: str, **more: str) -> dict[str, str]:
    return {"connector.class": CLASS, "database.dbname": database, **more}


def connector(**config: str) -> PostgresConnector:
    """A connector; `_` in a keyword is `.` in the setting."""
    given = {key.replace("_", "."): value for key, value in config.items()}
    return PostgresConnector("c", {"topic.prefix": "p", **given})


def test_the_teams_connectors_on_this_database() -> None:
    worker = Worker(
        {
            "kafka-validation": on("app"),
            "theirs": on("app") | {"connector.class": "com.acme.AuditedPostgresConnector"},
            "hidden": on("${file:/secrets:db}"),
            "elsewhere": on("other"),
            "sink": {"connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector"},
            "mysql": {"connector.class": "io.debezium.connector.mysql.MySqlConnector"},
            f"{OWNED}-orders": on("app"),
            f"{PREFIX}orders": on("app"),
            f"{PREFIX}20260101_000000_1_1": on("app"),
        }
    )
    found = team_connectors(worker, Server("app"), SLOTS)
    assert found.left_out == ()
    theirs = ["hidden", "kafka-validation", "kafka-validation-orders", f"{PREFIX}orders", "theirs"]
    assert [each.name for each in found.judged] == theirs
    (one,) = team_connectors(worker, Server("app"), SLOTS, "theirs").judged
    assert one.name == "theirs"
    with pytest.raises(StackError, match="no PostgreSQL connector 'nobody'") as error:
        team_connectors(worker, Server("app"), SLOTS, "nobody")
    assert f"seen: {', '.join(theirs)}" in str(error.value)


@pytest.mark.parametrize(
    ("host", "port", "slot", "why"),
    [
        ("db", "5432", "missing", ""),
        ("POSTGRES", "5433", "missing", ""),
        ("alias", "6432", "debezium", ""),
        ("${env:HOST}", "5432", "debezium", ""),
        ("alias", "5432", "${env:SLOT}", ""),
        ("other", "5432", "missing", "on another server other:5432 is not judged"),
        ("db", "5433", "missing", "on another server db:5433 is not judged"),
    ],
)
def test_the_slot_decides_about_a_server_of_another_name(
    host: str, port: str, slot: str, why: str
) -> None:
    config = {"database.hostname": host, "database.port": port, "slot.name": slot}
    worker = Worker({"c": {**on("app"), **config}})
    found = team_connectors(worker, Server("app"), SLOTS)
    assert [each.name for each in found.judged] == ([] if why else ["c"])
    assert why in "".join(found.left_out)
    assert len(found.left_out) == bool(why)
    assert len(team_connectors(worker, Server("app"), None).judged) == 1


def test_the_slot_decides_about_a_database_whose_name_is_hidden() -> None:
    config = {"database.hostname": "db", "slot.name": "missing"}
    worker = Worker({"c": {**on("${file:/secrets:db}"), **config}})
    found = team_connectors(worker, Server("app"), SLOTS)
    assert found.judged == ()
    assert "on another database of this server is not judged" in found.left_out[0]


@pytest.mark.parametrize("status", ["403", "404"])
def test_a_connector_that_cannot_be_read_is_named(status: str) -> None:
    worker = Worker({"secret": {"status": status}, "theirs": on("app")})
    found = team_connectors(worker, Server("app"), SLOTS)
    assert [each.name for each in found.judged] == ["theirs"]
    assert found.left_out == (
        "connector secret is not judged, it can't be read: Kafka Connect does not permit GET "
        "secret.",
    )
    with pytest.raises(StackError, match=r"seen: theirs; connector secret is not judged"):
        team_connectors(worker, Server("app"), SLOTS, "secret")
    with pytest.raises(Refused):
        team_connectors(Worker({"c": {"status": "500"}}), Server("app"), SLOTS)


def test_the_name_of_the_stack_own_connector_is_not_the_suites() -> None:
    assert not SUITES_OWN.match(OWNED)


def test_the_configuration_stays_out_of_messages() -> None:
    assert "S3cret" not in repr(connector(database_password="S3cret"))


@pytest.mark.parametrize(
    ("config", "captured", "not_captured"),
    [
        ({}, ["public.a", "s.b"], ["pg_catalog.pg_class", "information_schema.tables"]),
        ({"table_include_list": "public.a"}, ["public.a", "PUBLIC.A"], ["public.ab", "xpublic.a"]),
        ({"table_include_list": r"public\.(a|b), s\.c.*"}, ["public.b", "s.cat"], ["public.c"]),
        ({"table_include_list": r"s\.a{1\,2}"}, ["s.a", "s.aa"], ["s.aaa"]),
        ({"table_exclude_list": "public.a"}, ["public.ab"], ["public.a"]),
        ({"schema_include_list": "sales"}, ["sales.a"], ["sales2.a", "public.a"]),
        ({"schema_exclude_list": "tmp.*"}, ["public.a"], ["tmp_1.a"]),
        ({"schema_include_list": "s", "table_include_list": "t.a"}, [], ["s.a", "t.a"]),
        ({"table_whitelist": "public.a"}, ["public.a"], ["public.b"]),
    ],
)
def test_captured_tables(
    config: dict[str, str], captured: list[str], not_captured: list[str]
) -> None:
    mine = connector(**config)
    assert [n for n in captured if not mine.captures(*n.split(".", 1))] == []
    assert [n for n in not_captured if mine.captures(*n.split(".", 1))] == []


def test_columns_that_are_left_out_or_altered() -> None:
    mine = connector(
        column_exclude_list="public.users.password",
        column_mask_with_12_chars=r"public.users.e.*mail",
    )
    assert not mine.captures_column("public", "users", "password")
    assert mine.captures_column("public", "users", "passwords")
    assert mine.alters_column("public", "users", "email") == "column.mask.with.12.chars"
    assert mine.alters_column("public", "users", "name") == ""


def test_an_expression_that_only_java_reads_is_refused_by_name() -> None:
    with pytest.raises(StackError, match=r"table\.include\.list can't be read"):
        connector(table_include_list=r"public\.\p{Lower}+").captures("public", "a")


@pytest.mark.parametrize(
    ("config", "table", "topic"),
    [
        ({}, "users", "p.public.users"),
        ({"topic_prefix": "", "database_server_name": "old"}, "users", "old.public.users"),
        ({"topic_delimiter": "_"}, "users", "p_public_users"),
        ({}, "Grüße & 🦊", "p.public.Gr__e_____"),
        (
            {"topic_naming_strategy": "io.debezium.schema.SchemaUnicodeTopicNamingStrategy"},
            "a_ü",
            "p.public.a_u005f_u00fc",
        ),
        (
            {
                "topic_naming_strategy": "io.debezium.schema.SchemaRegexTopicNamingStrategy",
                "topic_regex": r"(.*)\.shard_\d+",
                "topic_replacement": "$1.all",
            },
            "shard_7",
            "p.public.all",
        ),
    ],
)
def test_topics(config: dict[str, str], table: str, topic: str) -> None:
    assert connector(**config).topic("public", table) == topic


def route(kind: str, regex: str, replacement: str, **more: str) -> PostgresConnector:
    prefix = "" if kind == ROUTER else "topic."
    settings = {"type": kind, f"{prefix}regex": regex, f"{prefix}replacement": replacement}
    config = {f"transforms.r.{key}": value for key, value in settings.items()}
    given = {key.replace("__", "."): value for key, value in more.items()}
    return PostgresConnector("c", {"topic.prefix": "p", "transforms": "r", **config, **given})


@pytest.mark.parametrize("kind", [ROUTER, BY_TABLE])
def test_routed_topics(kind: str) -> None:
    assert route(kind, r"p\.public\.(.*)", "cdc-$1").topic("public", "users") == "cdc-users"
    assert route(kind, r"public\.(.*)", "cdc-$1").topic("public", "a") == "p.public.a"
    assert route(kind, r"(?<a>.*)\.(\w+)", r"${a}\$$20").topic("public", "b") == "p.public$b0"
    assert route(kind, ".*", "$0-x").unmapped == ()


def test_a_transform_with_a_predicate() -> None:
    matches = "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"
    condition = {"transforms__r__predicate": "q", "predicates__q__pattern": ".*heartbeat.*"}
    by_topic = route(ROUTER, ".*", "x", **condition, predicates__q__type=matches)
    assert by_topic.topic("public", "a") == "p.public.a" and by_topic.unmapped == ()
    negated = route(
        ROUTER, ".*", "x", **condition, predicates__q__type=matches, transforms__r__negate="true"
    )
    assert negated.topic("public", "a") == "x"
    other = route(ROUTER, ".*", "x", **condition, predicates__q__type="com.acme.Maybe")
    assert other.unmapped == (f"transforms.r ({ROUTER})",)
    with pytest.raises(Unmapped, match=r"transforms\.r\.predicate"):
        other.topic("public", "a")


def test_a_name_that_is_misread() -> None:
    assert misread("users") == "users"
    assert misread("Ünï & Co") == "ￃﾜnￃﾯ & Co"
    assert connector().topic("s", misread("Ünï & Co")) == "p.s.__n_____Co"


def test_what_is_not_understood_is_named() -> None:
    mine = connector(transforms="a,b", transforms_a_type="com.acme.Route", transforms_b_type=ROUTER)
    assert mine.unmapped == ("transforms.a (com.acme.Route)",)
    strange = connector(topic_naming_strategy="com.acme.Naming")
    assert strange.unmapped == ("topic.naming.strategy (com.acme.Naming)",)
    with pytest.raises(Unmapped, match=r"com\.acme\.Naming"):
        strange.topic("public", "a")
    assert connector(table_include_list="${env:TABLES}").unmapped == (
        "table.include.list (${env:TABLES})",
    )


def test_unwrapped_records() -> None:
    unwrap = "io.debezium.transforms.ExtractNewRecordState"
    mine = connector(transforms="unwrap", transforms_unwrap_type=unwrap)
    assert mine.unwraps and mine.unmapped == ()
    named = {f"transforms.unwrap.{key}": value for key, value in HARMLESS.items()}
    assert PostgresConnector("c", {**mine.config, **named}).unmapped == ()
    assert not connector().unwraps


def test_a_topic_that_is_the_value_of_a_column_is_not_known() -> None:
    unwrap = "io.debezium.transforms.ExtractNewRecordState"
    given = {"transforms.u.type": unwrap, "transforms.u.route.by.field": "kind"}
    mine = PostgresConnector("c", {"topic.prefix": "p", "transforms": "u", **given})
    assert mine.unmapped == ("transforms.u.route.by.field (kind)",)
    with pytest.raises(Unmapped, match=r"transforms\.u\.route\.by\.field \(kind\)"):
        mine.topic("public", "users")


def test_defaults_of_debezium() -> None:
    mine = connector()
    assert (mine.slot, mine.publication) == ("debezium", "dbz_publication")
    assert mine.heartbeat_topic == "__debezium-heartbeat.p"
    assert mine.placeholder == "__debezium_unavailable_value"


def test_a_heartbeat_that_is_kept_elsewhere_is_not_known() -> None:
    assert PostgresConnector("c", {}).heartbeat_ms == 0
    assert PostgresConnector("c", {"heartbeat.interval.ms": "5000"}).heartbeat_ms == 5000
    assert PostgresConnector("c", {"heartbeat.interval.ms": "${env:X}"}).heartbeat_ms is None


def test_a_connector_that_runs_with_a_slot_of_elsewhere_is_no_doubt() -> None:
    """A task that runs has its slot, so a server without that slot is not the one it reads."""
    other = on("app") | {"database.hostname": "db2", "slot.name": "x"}
    for task, doubts in (("RUNNING", 0), ("FAILED", 1)):
        worker = Worker({"a": on("app"), "b": {**other, "task": task}})
        found = team_connectors(worker, Server("app", (("", 5432),)), SLOTS)
        assert len(found.left_out) == 1
        assert len(found.doubts) == doubts
