"""Which tables and topics an audit compares, and those that it names as not compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from support.audit import auditing
from support.audit.auditing import Auditor
from support.audit.dump import TableDump
from support.audit.spill import MOST_PARTS, nameless_file
from support.audit.tables import PUBLICATION, PUBLISHED, TABLES, captured_tables, publication_of
from support.clients.team_connectors import PostgresConnector
from support.record.audit import AuditedTable
from tests.audit.histories import table_of

CONFIG = {"topic.prefix": "p", "plugin.name": "pgoutput", "publication.name": "shop"}
SECOND = timedelta(seconds=1)


def auditor(folder: Path, *topics: str) -> Auditor:
    """Returns an auditor on a broker with these topics."""
    broker = SimpleNamespace(topics=lambda: {*topics})
    given = (cast(Any, broker), "", "app", folder, lambda _: None)
    return Auditor(*given, SECOND, SECOND, SECOND)


def topics_of(
    folder: Path, rows: int, *topics: str, published: bool = False, included: str = ""
) -> tuple[list[str], list[AuditedTable]]:
    """Returns the topics that are compared for one table, and what is said of it otherwise."""
    dump = TableDump(table_of(in_publication=published), rows, nameless_file(folder))
    found = list[AuditedTable]()
    including = {"schema.include.list": included} if included else {}
    connector = PostgresConnector("c", {**CONFIG, **including})
    read = cast(Any, SimpleNamespace(dumps=(dump,)))
    return list(auditor(folder, *topics)._by_topic(connector, read, found)), found


def test_an_unpublished_table_without_a_topic_is_named(tmp_path: Path) -> None:
    topics, (table,) = topics_of(tmp_path, 3, included="public")
    assert not topics
    assert (table.name, table.topic, table.rows) == ("public.users", "p.public.users", 3)
    assert table.trouble.startswith(
        "its topic does not exist, and it is not in the publication shop: "
    )


def test_a_publication_is_the_filter_of_a_connector_without_one(tmp_path: Path) -> None:
    topics, (table,) = topics_of(tmp_path, 3)
    assert not topics
    assert (table.rows, table.trouble) == (0, "")
    assert table.notes[0].startswith("not captured: it is not in the publication shop")


@pytest.mark.parametrize(
    ("rows", "topics", "published"),
    [(3, ("p.public.users",), False), (3, (), True), (0, (), False)],
)
def test_tables_that_are_compared(
    tmp_path: Path, rows: int, topics: tuple[str, ...], published: bool
) -> None:
    compared, others = topics_of(tmp_path, rows, *topics, published=published)
    assert (compared, others) == (["p.public.users"], [])


def test_many_tables_of_a_large_topic_share_the_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parts = list[int]()

    def spill(_dtype: object, number: int, _folder: Path) -> Any:
        parts.append(number)
        return SimpleNamespace(close=lambda: None)

    monkeypatch.setattr(auditing, "Spill", spill)
    tables = [replace(table_of(), name=f"users_{number}") for number in range(20)]
    dumps = [TableDump(each, 0, nameless_file(tmp_path)) for each in tables]
    offsets = {"start_offsets": lambda _: {0: 10**9}, "end_offsets": lambda _: {0: 2 * 10**9}}
    broker = cast(Any, SimpleNamespace(topics=lambda: {"all"}, **offsets))
    seen = replace(auditor(tmp_path), broker=broker)
    monkeypatch.setattr(Auditor, "_read", lambda *_: "")
    monkeypatch.setattr(Auditor, "_compared", lambda *_: iter(()))
    seen._topic(PostgresConnector("c", CONFIG), "all", dumps, cast(Any, SimpleNamespace(cut=None)))
    assert len(parts) == 20 and sum(parts) <= MOST_PARTS


class Catalog:
    """Stands in for a connection: public.users is the only table, and in no publication."""

    def execute(self, query: str, _given: object = ()) -> Any:
        users = (1, "public", "users", False, False, True, False, False, (), False)
        rows: dict[str, list[tuple[object, ...]]]
        rows = {TABLES: [users], PUBLICATION: [(True, False)], PUBLISHED: []}
        return SimpleNamespace(fetchall=lambda: rows[query])


@pytest.mark.parametrize(
    ("plugin", "published"), [({"plugin.name": "pgoutput"}, False), ({}, True)]
)
def test_only_pgoutput_needs_a_publication(plugin: dict[str, str], published: bool) -> None:
    connector, catalog = PostgresConnector("c", {"topic.prefix": "p", **plugin}), Catalog()
    publication = publication_of(cast(Any, catalog), connector)
    (table,) = captured_tables(cast(Any, catalog), connector, publication)
    assert table.in_publication is published
