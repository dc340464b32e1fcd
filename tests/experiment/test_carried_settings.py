"""A setting of the connector has the same effect in `public` and in a scenario's schema."""

from __future__ import annotations

import pytest

from support.baseline import Baseline
from support.errors import SettingsError
from support.experiment.carried_settings import Names, carried_over, check_carried_over
from support.experiment.name_patterns import leaves_out_truncate, touched_columns
from support.generate.tables import COLUMNS
from support.record.events import Column

NAMES = Names("own_1", "trial-1", "dbserver", COLUMNS)


@pytest.mark.parametrize(
    ("key", "value", "here"),
    [
        ("column.exclude.list", "public.comments.body", "own_1.comments.body"),
        ("column.exclude.list", r"public\.comments\.body", r"own_1\.comments\.body"),
        ("column.exclude.list", "public[.]users[.]name", "own_1[.]users[.]name"),
        ("column.exclude.list", ".*comments.body", ".*comments.body"),
        ("column.exclude.list", "PUBLIC.comments.BODY", "own_1.comments.BODY"),
        ("column.exclude.list", "(public|app).users.name", "(own_1|app).users.name"),
        (
            "column.include.list",
            "public.users.(id|name), public.videos.*",
            "own_1.users.(id|name), own_1.videos.*",
        ),
        ("column.mask.with.5.chars", ".*.users.name", ".*.users.name"),
        ("column.mask.hash.v2.SHA-256.with.salt.x", "public.users.email", "own_1.users.email"),
        ("column.truncate.to.20.chars", "public.comments.body", "own_1.comments.body"),
        ("table.include.list", "public.videos,public.users", "own_1.videos,own_1.users"),
        ("table.include.list", ".*users", ".*users"),
        ("table.exclude.list", r".*\.public\.users|public.users", r".*\.own_1\.users|own_1.users"),
        ("message.key.columns", "public.users:id;public.x:a,b", "own_1.users:id;own_1.x:a,b"),
        ("snapshot.select.statement.overrides", "public.users", "own_1.users"),
        (
            "heartbeat.action.query",
            "UPDATE public.beats SET at = now()",
            "UPDATE own_1.beats SET at = now()",
        ),
        ("replica.identity.autoset.values", "public.users:FULL", "own_1.users:FULL"),
        ("predicates.unwanted.pattern", "dbserver.public.comments", "trial-1.own_1.comments"),
        (
            "predicates.unwanted.pattern",
            r"dbserver\.public\.(users|videos)",
            r"trial-1\.own_1\.(users|videos)",
        ),
        ("predicates.unwanted.pattern", ".*comments", ".*comments"),
        ("predicates.unwanted.pattern", r".*\.public\.users", r".*\.own_1\.users"),
        ("topic.creation.big.include", r"dbserver\.public\..*", r"trial-1\.own_1\..*"),
        ("transforms.route.regex", "other.public.(.*)", "other.own_1.(.*)"),
        ("poll.interval.ms", "50", "50"),
        ("value.converter.url", "http://public.a.b.public", "http://public.a.b.public"),
        ("producer.override.client.id", "public", "public"),
    ],
)
def test_it_is_carried_over(key: str, value: str, here: str) -> None:
    assert carried_over({key: value}, NAMES) == {key: here}


def test_a_key_may_name_a_table() -> None:
    key, query = "snapshot.select.statement.overrides.public.users", "SELECT * FROM public.users"
    assert carried_over({key: query}, NAMES) == {
        "snapshot.select.statement.overrides.own_1.users": "SELECT * FROM own_1.users"
    }


def test_a_column_named_as_the_schema_keeps_its_name() -> None:
    names = Names("own_1", "trial-1", "dbserver", {"users": ("id", "public")})
    carried = carried_over({"column.exclude.list": "public.users.public"}, names)
    assert carried == {"column.exclude.list": "own_1.users.public"}


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("column.exclude.list", "pub.*.users.name", "would match other names"),
        ("table.include.list", "p[u]blic.users", "would match other names"),
        ("table.include.list", "public.(users", "not understood"),
        ("message.key.columns", "public.users:email", "identifies rows by their id"),
        (
            "transforms.route.regex",
            r"dbserver\.public\.(.*)",
            "a scenario does not read",
        ),
        ("transforms.only.condition", "value.source.schema == 'public'", "names the schema"),
    ],
)
def test_what_can_not_be_carried_over_is_refused_by_its_name(
    key: str, value: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=rf"connector\.{key}[\s\S]*{told}"):
        carried_over({key: value}, NAMES)


def test_the_baseline_is_carried_over() -> None:
    carried = carried_over(Baseline.load({}).connector, NAMES)
    assert carried["table.include.list"] == "own_1.videos,own_1.users,own_1.comments"
    assert "topic.prefix" not in carried


def test_it_is_checked_before_anything_is_started() -> None:
    connector = Baseline.load({}).connector
    check_carried_over(connector)
    with pytest.raises(SettingsError, match=r"connector\.column\.exclude\.list"):
        check_carried_over({**connector, "column.exclude.list": "pub.*.users.name"})


def test_what_a_setting_does_to_a_column_is_told() -> None:
    columns = {"users": dict.fromkeys(("id", "name", "email"), Column("text"))}
    told = touched_columns(
        {
            "column.exclude.list": "own.users.email",
            "column.mask.hash.SHA-256.with.salt.secret": ".*name",
            "poll.interval.ms": "50",
        },
        "own",
        columns,
    )
    assert told == {
        "users": {
            "email": "excluded by connector.column.exclude.list",
            "name": "masked by connector.column.mask.hash.SHA-256.with.salt.***",
        }
    }
    included = touched_columns({"column.include.list": "own.users.id"}, "own", columns)
    assert included["users"]["name"] == "not included by connector.column.include.list"
    assert "id" not in included["users"]


@pytest.mark.parametrize(
    ("connector", "leaves_out"),
    [({}, True), ({"skipped.operations": "t, d"}, True), ({"skipped.operations": "none"}, False)],
)
def test_truncate_is_left_out_by_default(connector: dict[str, str], leaves_out: bool) -> None:
    assert leaves_out_truncate(connector) is leaves_out
