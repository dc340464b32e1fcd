"""The tables of baseline/schema.sql in a schema of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

import psycopg
import pytest

from support.baseline import Baseline
from support.clients.database import Database
from support.errors import Inconclusive
from support.generate.refusals import StatementRefused
from support.generate.tables import (
    COLUMNS,
    SHARES,
    VALUES,
    create_tables,
    fill_tables,
    in_schema,
    plain_columns,
)
from support.record.events import Column


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("CREATE TABLE public.users (", "CREATE TABLE own_1.users ("),
        ('CREATE TABLE "public"."users" (', 'CREATE TABLE own_1."users" ('),
        ("v bigint REFERENCES public.videos(id)", "v bigint REFERENCES own_1.videos(id)"),
        ("DEFAULT nextval('public.ids')", "DEFAULT nextval('own_1.ids')"),
        (
            "state public.mood DEFAULT 'calm'::public.mood",
            "state own_1.mood DEFAULT 'calm'::own_1.mood",
        ),
        (
            "INSERT INTO t VALUES ('the republic. It is public.')",
            "INSERT INTO t VALUES ('the republic. It is public.')",
        ),
        ("SET search_path = public;", "SET search_path = own_1, public;"),
        ("SET search_path TO 'public', x", "SET search_path TO own_1, public, x"),
        ("app.public.users", "app.public.users"),
    ],
)
def test_names_of_the_schema_are_replaced(there: str, here: str) -> None:
    assert in_schema("own_1", there).splitlines()[1:] == [here]


def test_the_baseline_s_tables_are_created_in_the_schema() -> None:
    sql = in_schema("own_1", Baseline.load({}).schema_sql)
    assert sql.startswith("CREATE SCHEMA own_1; SET search_path TO own_1, public;")
    assert not re.search(r"public\.", sql)
    for table in COLUMNS:
        assert f"CREATE TABLE own_1.{table} (" in sql


def test_rows_are_made_parents_first_and_of_parents_that_exist() -> None:
    assert list(SHARES) == list(VALUES) == ["videos", "users", "comments"]
    assert VALUES["comments"].startswith("n, 1 + n % 3, 1 + n % 3, ")


def test_a_snapshot_s_rows_are_compared_in_columns_of_one_form() -> None:
    columns = {
        "version": Column("int4"),
        "id": Column("int8"),
        "score": Column("numeric"),
        "nick": Column("text"),
        "sum": Column("int4", generated=True),
    }
    assert plain_columns({"users": columns}) == {"users": ("id", "version", "nick")}


class Refusing(Database):
    """Refuses one table's rows."""

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__("host=nowhere")
        self._error = error

    def execute(self, statement: str, parameters: Sequence[object] | None = None) -> None:
        if "own_1.users" in statement:
            raise self._error


def test_rows_that_postgresql_refuses_are_told_with_table_and_statement() -> None:
    error = psycopg.errors.lookup("23514")("violates check constraint")
    with pytest.raises(StatementRefused) as told:
        fill_tables(Refusing(error), "own_1", 90)
    refusal = told.value.refusal
    assert (refusal.table, refusal.sqlstate) == ("users", "23514")
    assert refusal.statement == "INSERT INTO own_1.users (id, name, email, version)"
    with pytest.raises(psycopg.OperationalError):
        fill_tables(Refusing(psycopg.errors.lookup("57P01")("gone")), "own_1", 90)


def test_a_schema_that_postgresql_refuses_is_told_in_its_words() -> None:
    error = psycopg.errors.lookup("42710")("extension exists")
    with pytest.raises(
        Inconclusive, match=r"baseline/schema.sql[\s\S]*extension exists \(SQLSTATE 42710"
    ):
        create_tables(Refusing(error), "own_1", "CREATE TABLE public.users ()")
