"""The tables of the team's connectors, and the topics that they go to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from support.clients.tables_of_database import Table
from support.clients.team_connectors import PostgresConnector, TeamConnectors
from support.errors import Inconclusive
from support.experiment import team as module
from support.experiment.team import Team, TeamTable, certain, topics_to_judge, unsent

CUSTOM = {"transforms": "x", "transforms.x.type": "com.acme.Route"}


def connector(**config: str) -> PostgresConnector:
    return PostgresConnector("c", {"topic.prefix": "p", **config})


def table(of: PostgresConnector, name: str, *, published: bool = True) -> TeamTable:
    plain = Table("public", name, True, True, 0, 0)
    return TeamTable(of, plain, f"p.public.{name}", "", published)


def test_a_topic_behind_an_unknown_transform_is_known_only_if_it_exists() -> None:
    unknown = connector(**CUSTOM)
    assert certain(table(unknown, "a"), {"p.public.a"}).topic == "p.public.a"
    lost = certain(table(unknown, "b"), {"p.public.a"})
    assert lost.topic == ""
    assert "transforms.x" in lost.unmapped
    missing = table(connector(), "b")
    assert certain(missing, {"p.public.a"}) is missing


def test_topics_of_unpublished_tables_are_left_out() -> None:
    of = connector()
    tables = [table(of, "a"), table(of, "b"), table(of, "c", published=False)]
    team = Team([of], [*tables, TeamTable(of, tables[0].table, "", "why")])
    assert team.topics == ("p.public.a", "p.public.b")
    assert team.unmapped == ("public.a: why",)


def test_a_table_is_named_only_by_its_whole_name() -> None:
    exact = connector(**{"table.include.list": r"public\.a, public.b"})
    assert table(exact, "a").named
    assert table(exact, "b").named
    assert not table(connector(**{"table.include.list": "public.*"}), "a").named


def test_only_a_missing_topic_of_an_empty_table_is_not_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The counters of every table here are 0, as after a crash of the server."""
    rows = {"there": False, "empty": False, "filled": True, "forbidden": None}
    monkeypatch.setattr(module, "has_rows", lambda _database, each: rows[each.name])
    of = connector()
    team = Team([of], [table(of, name) for name in rows])
    stack: Any = SimpleNamespace(
        endpoints=SimpleNamespace(database=SimpleNamespace(conninfo="")),
    )
    judged = topics_to_judge(stack, team, {"p.public.there"})
    assert judged == ("p.public.there", "p.public.filled", "p.public.forbidden")


def test_a_team_of_which_no_connector_can_be_judged_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left_out = ("connector c on another server other:5432 is not judged",)
    found = TeamConnectors((), left_out)
    monkeypatch.setattr(module, "connectors_on", lambda _ends: found)
    stack: Any = SimpleNamespace(endpoints=None)
    with pytest.raises(Inconclusive, match="another server other:5432"):
        module.connectors_of(stack)


def test_a_named_table_that_is_neither_published_nor_in_a_topic_is_a_doubt() -> None:
    names = {"table.include.list": "public.a,public.b,public.c", "plugin.name": "pgoutput"}
    of = connector(**names)
    tables = [table(of, name, published=name == "a") for name in ("a", "b", "c", "d")]
    # Without its name in the list, a table is captured only if the publication has it.
    (line,) = unsent(Team([of], tables), {"p.public.c"})
    assert line == (
        "public.b: connector c names it, but its publication dbz_publication lacks it, and it has "
        "no topic"
    )
