"""The tables of baseline/schema.sql can be created in any schema, and filled."""

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
    ("statement", "moved"),
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
def test_names_of_the_schema_are_replaced(statement: str, moved: str) -> None:
    assert in_schema("own_1", statement).splitlines()[1:] == [moved]


def test_the_baseline_s_tables_are_created_in_the_schema() -> None:
    sql = in_schema("own_1", Baseline.load({}).schema_sql)
    assert sql.startswith("CREATE SCHEMA own_1; SET search_path TO own_1, public;")
    assert not re.search(r"public\.", sql)
    for table in COLUMNS:
        assert f"CREATE TABLE own_1.{table} (" in sql


def test_tables_are_filled_parents_first_and_comments_refer_to_seed_rows() -> None:
    assert list(SHARES) == list(VALUES) == ["videos", "users", "comments"]
    assert VALUES["comments"].startswith("n, 1 + n % 3, 1 + n % 3, ")


def test_plain_columns_leave_out_generated_columns_and_other_types() -> None:
    columns = {
        "version": Column("int4"),
        "id": Column("int8"),
        "score": Column("numeric"),
        "nick": Column("text"),
        "sum": Column("int4", generated=True),
    }
    assert plain_columns({"users": columns}) == {"users": ("id", "version", "nick")}


class Refusing(Database):
    """A database that refuses every statement about the table users."""

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__("host=nowhere")
        self._error = error

    def execute(self, statement: str, parameters: Sequence[object] | None = None) -> None:
        if "own_1.users" in statement:
            raise self._error


def test_a_refusal_of_rows_names_the_table_and_the_statement() -> None:
    error = psycopg.errors.lookup("23514")("violates check constraint")
    with pytest.raises(StatementRefused) as raised:
        fill_tables(Refusing(error), "own_1", 90)
    refusal = raised.value.refusal
    assert (refusal.table, refusal.sqlstate) == ("users", "23514")
    assert refusal.statement == "INSERT INTO own_1.users (id, name, email, version)"


def test_a_lost_connection_is_no_refusal_of_rows() -> None:
    with pytest.raises(psycopg.OperationalError):
        fill_tables(Refusing(psycopg.errors.lookup("57P01")("gone")), "own_1", 90)


def test_a_refused_schema_is_inconclusive_and_quotes_postgresql() -> None:
    error = psycopg.errors.lookup("42710")("extension exists")
    with pytest.raises(
        Inconclusive, match=r"baseline/schema.sql[\s\S]*extension exists \(SQLSTATE 42710"
    ):
        create_tables(Refusing(error), "own_1", "CREATE TABLE public.users ()")
