"""Reports of a real PostgreSQL about tables, publications and replication slots."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from support.clients.database import Database
from support.clients.replication_slots import all_slots, keep_bytes, slots_of, written_lsn
from support.clients.slot import drop_slot
from support.clients.tables_of_database import has_rows, published_tables, tables_of
from support.clients.team_connectors import PostgresConnector
from support.experiment.team import TeamTable, captured_tables
from support.waiting import wait_until
from tests.contract.tls_postgres import WITHIN, tls_postgres
from tests.secured.artefacts import MACHINES

pytestmark = pytest.mark.skipif(
    platform.machine() not in MACHINES, reason="there is no such PostgreSQL for this machine"
)

TABLES = """
CREATE SCHEMA sales;
CREATE TABLE sales.orders (id bigint PRIMARY KEY, day date);
CREATE TABLE sales."Line items" (id bigint);
CREATE TABLE sales.events (id bigint, day int) PARTITION BY RANGE (day);
CREATE TABLE sales.events_1 PARTITION OF sales.events FOR VALUES FROM (1) TO (10);
CREATE TABLE sales.events_2 PARTITION OF sales.events FOR VALUES FROM (10) TO (20);
CREATE UNLOGGED TABLE sales.cache (id bigint);
INSERT INTO sales.orders SELECT n FROM generate_series(1, 5) n;
UPDATE sales.orders SET day = now() WHERE id < 3;
INSERT INTO sales.events SELECT n, n FROM generate_series(1, 15) n;
CREATE PUBLICATION leaves FOR TABLE sales.events, sales.orders;
CREATE PUBLICATION roots FOR TABLE sales.events WITH (publish_via_partition_root);
"""


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with tls_postgres() as server:
        server.admin.execute(TABLES)
        yield server.admin


def names(captured: Sequence[TeamTable]) -> dict[str, bool]:
    """Returns the tables -> whether they are published."""
    return {each.table.qualified: each.published for each in captured}


def captured(database: Database, **config: str) -> dict[str, bool]:
    given = {key.replace("_", "."): value for key, value in config.items()}
    connector = PostgresConnector("c", {"topic.prefix": "p", **given})
    return names(list(captured_tables(connector, tables_of(database), database)))


def test_changes_of_partitions_count_as_changes_of_their_root(database: Database) -> None:
    found = {table.qualified: table for table in tables_of(database)}
    assert found["sales.orders"].changes == 7
    assert found["sales.events"].changes == 15
    assert found["sales.events_1"].changes == 9
    assert found["sales.events"].rows == 15
    assert not found["sales.events"].plain
    assert not found["sales.events_1"].plain
    assert found["sales.Line items"].plain
    assert "sales.cache" not in found


def test_rows_are_found_without_the_counters(database: Database) -> None:
    database.execute("SELECT pg_stat_reset()")
    found = {table.qualified: table for table in tables_of(database)}
    assert found["sales.orders"].rows == found["sales.orders"].changes == 0
    assert has_rows(database, found["sales.orders"]) is True
    assert has_rows(database, found["sales.events"]) is True
    assert has_rows(database, found["sales.Line items"]) is False


def test_whether_a_hidden_table_has_rows_is_not_known(database: Database) -> None:
    database.execute(
        "CREATE ROLE guest; GRANT USAGE ON SCHEMA sales TO guest;"
        "GRANT SELECT ON sales.orders TO guest; ALTER TABLE sales.orders ENABLE ROW LEVEL SECURITY"
    )

    class Guest(Database):
        def query(self, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
            with psycopg.connect(self._conninfo) as connection:
                connection.execute("SET ROLE guest")
                return connection.execute(statement.encode(), parameters).fetchall()

    guest = Guest(database._conninfo)
    found = {table.qualified: table for table in tables_of(database)}
    assert has_rows(guest, found["sales.orders"]) is None
    assert has_rows(guest, found["sales.events"]) is None


def test_the_publication_decides_which_tables_send(database: Database) -> None:
    assert ("sales", "events_1") in published_tables(database, "leaves")
    assert published_tables(database, "nobody") == frozenset()
    pgoutput = {"plugin_name": "pgoutput", "schema_include_list": "sales"}
    assert captured(database, **pgoutput, publication_name="leaves") == {
        "sales.Line items": False,
        "sales.events_1": True,
        "sales.events_2": True,
        "sales.orders": True,
    }
    assert captured(database, **pgoutput, publication_name="roots") == {
        "sales.Line items": False,
        "sales.events": True,
        "sales.orders": False,
    }


def test_without_a_publication_partitions_send_by_their_own_names(database: Database) -> None:
    assert captured(database, plugin_name="decoderbufs", table_include_list="sales.ev.*") == {
        "sales.events_1": True,
        "sales.events_2": True,
    }


def test_slots_and_the_limit_of_the_server(database: Database) -> None:
    assert keep_bytes(database) is None
    create = "SELECT pg_create_logical_replication_slot(%s, 'pgoutput')"
    try:
        database.query(create, ("waiting",))
        before = written_lsn(database)
        database.execute("CREATE TABLE sales.more AS SELECT generate_series(1, 50000)")
        (slot,) = all_slots(database)
        assert (slot.name, slot.active, slot.database) == ("waiting", False, "app")
        assert slot.wal_status == "reserved"
        assert slots_of(database) == {"waiting"}
        assert 0 < slot.confirmed_lsn <= before < written_lsn(database)
        assert slot.retained_bytes > 1_000_000
        assert slot.safe_bytes is None
        database.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '64MB'")
        database.execute("SELECT pg_reload_conf()")
        limit = 64 * 2**20
        wait_until(lambda: keep_bytes(database), lambda n: n == limit, WITHIN, "the new limit")
    finally:
        drop_slot(database, "waiting", WITHIN)
    assert all_slots(database) == ()
