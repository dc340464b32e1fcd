"""The row writer records what it did, and distinguishes refusals from lost connections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from support.generate import row_writer
from support.generate.refusals import connection_lost
from support.generate.row_writer import RowWriter
from support.generate.tables import COLUMNS, SEED_ROWS
from support.record.changes import TransactionOutcome, WrittenChanges
from support.waiting import wait_until
from tests.generate.tables_server import Answer, TablesServer

NO_IDENTITY = psycopg.errors.lookup("55000")(
    'cannot update table "users" because it does not have a replica identity'
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> TablesServer:
    server = TablesServer()
    monkeypatch.setattr(row_writer, "REFUSED_S", 0.1)
    monkeypatch.setattr(psycopg, "connect", server.connect)
    return server


@pytest.fixture
def writer(server: TablesServer) -> Iterator[RowWriter]:
    writer = RowWriter("host=nowhere", "own", 1, 2_000, 1_000)
    yield writer
    writer.stop()


def wrote(writer: RowWriter, transactions: int = 200) -> WrittenChanges:
    """Lets the writer work until it has ended that many transactions, or stops by itself."""
    writer.start()
    wait_until(
        lambda: len(writer.written.transactions) >= transactions or writer.ended,
        bool,
        timedelta(seconds=10),
        "transactions",
    )
    return writer.finish()


def refusing(error: psycopg.Error, *words: str, after: int = 0) -> Answer:
    """Refuses the statements that contain all of these words, except the first `after` of them."""
    seen = [0]

    def answer(statement: str) -> int | None:
        if all(word in statement for word in words):
            seen[0] += 1
            if seen[0] > after:
                raise error
        return None

    return answer


def versions(server: TablesServer) -> dict[tuple[str, int], int]:
    return {(t, key): row[-1] for t, rows in server.rows.items() for key, row in rows.items()}


def folded(written: WrittenChanges) -> dict[tuple[str, int], int]:
    """Applies the committed changes; returns the versions of the rows that remain."""
    rows: dict[tuple[str, int], int] = {}
    for change in written.of(TransactionOutcome.COMMITTED):
        if change.op == "d":
            del rows[change.table, change.key]
        else:
            rows[change.table, change.key] = change.version
    return rows


def test_committed_changes_add_up_to_the_rows_of_the_tables(
    server: TablesServer, writer: RowWriter
) -> None:
    written = wrote(writer)
    assert (writer.trouble, written.refusals) == (None, [])
    assert folded(written) == versions(server)
    assert {change.op for change in written.of(TransactionOutcome.COMMITTED)} == {"c", "u", "d"}
    assert written.of(TransactionOutcome.ROLLED_BACK)
    assert all(
        t.before_lsn for t in written.transactions if t.outcome is TransactionOutcome.COMMITTED
    )
    assert {t.xid for t in written.transactions} == {None}


def test_values_satisfy_foreign_keys_and_unique_columns(
    server: TablesServer, writer: RowWriter
) -> None:
    wrote(writer, 300)
    comments, users = server.rows["comments"].values(), server.rows["users"].values()
    parents = {
        row[COLUMNS["comments"].index(name)] for row in comments for name in ("video_id", "user_id")
    }
    assert parents == set(range(1, SEED_ROWS + 1))
    for column in ("name", "email"):
        values = [row[COLUMNS["users"].index(column)] for row in users]
        assert len(set(values)) == len(values)


def test_a_transaction_has_its_id_if_triggers_may_change_more_rows(
    server: TablesServer, writer: RowWriter
) -> None:
    server.triggers = True
    done = [t for t in wrote(writer).transactions if t.outcome is TransactionOutcome.COMMITTED]
    assert {t.xid for t in done} == {7}


@pytest.mark.parametrize(
    "words", [("UPDATE", "users"), ("DELETE", "users"), ("COPY",), ("COMMIT",)]
)
def test_a_refused_statement_ends_the_writer_and_is_recorded(
    server: TablesServer, writer: RowWriter, words: tuple[str, ...]
) -> None:
    server.answer = refusing(NO_IDENTITY, *words, after=3)
    written = wrote(writer, 50_000)
    refusal = written.refusals[0]
    assert {refusal.sqlstate for refusal in written.refusals} == {"55000"}
    assert refusal.words == str(NO_IDENTITY)
    assert all(word in refusal.statement for word in words)
    assert refusal.table == (words[1] if len(words) > 1 else refusal.table)
    assert not written.of(TransactionOutcome.UNKNOWN)
    assert folded(written) == versions(server)


@pytest.mark.parametrize("state", ["57014", "53100", "42501", "23503", "25P03", "22001", "42703"])
def test_time_outs_full_disks_and_permissions_are_refusals(
    server: TablesServer, writer: RowWriter, state: str
) -> None:
    server.answer = refusing(psycopg.errors.lookup(state)("no"), "INSERT INTO own.users", after=2)
    assert [r.sqlstate for r in wrote(writer, 50_000).refusals] == [state]


def test_each_kind_of_refusal_is_recorded_once(
    server: TablesServer, writer: RowWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_writer, "REFUSED_S", 60)

    def answer(statement: str) -> int | None:
        if ".users " in statement and statement.startswith(("UPDATE", "DELETE")):
            raise NO_IDENTITY
        return None

    server.answer = answer
    writer.start()
    wait_until(
        lambda: len(writer.written.refusals) >= 2 and len(writer.written.transactions) > 300,
        bool,
        timedelta(seconds=30),
        "both refusals",
    )
    written = writer.finish()
    kinds = sorted(r.of_what for r in written.refusals)
    assert kinds == [("users", "DELETE", "55000"), ("users", "UPDATE", "55000")]
    assert folded(written) == versions(server)


def test_a_deadlock_is_no_refusal(server: TablesServer, writer: RowWriter) -> None:
    deadlock, seen = psycopg.errors.lookup("40P01")("deadlock detected"), [0]

    def answer(statement: str) -> int | None:
        seen[0] += statement.startswith("UPDATE")
        if statement.startswith("UPDATE") and seen[0] % 3 == 0:
            raise deadlock
        return None

    server.answer = answer
    written = wrote(writer)
    assert written.refusals == []
    assert folded(written) == versions(server)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.lookup("57P01")("terminating connection"),
        psycopg.OperationalError("closed"),
    ],
)
@pytest.mark.parametrize("where", ["INSERT", "COMMIT"])
def test_a_lost_connection_is_no_refusal_and_writing_continues(
    server: TablesServer, writer: RowWriter, error: psycopg.Error, where: str
) -> None:
    once = [10]

    def answer(statement: str) -> int | None:
        once[0] -= statement.startswith(where)
        if statement.startswith(where) and once[0] == 0:
            raise error
        return None

    server.answer = answer
    written = wrote(writer)
    assert (writer.trouble, written.refusals) == (None, [])
    assert bool(written.of(TransactionOutcome.UNKNOWN)) == (where == "COMMIT")
    assert folded(written) == versions(server)


def test_a_server_that_accepts_no_connection_again_is_a_refusal(
    server: TablesServer, writer: RowWriter
) -> None:
    def answer(statement: str) -> int | None:
        server.accepts = False
        raise psycopg.OperationalError("server closed the connection")

    writer.start()
    wait_until(lambda: len(writer.written.transactions) > 5, bool, timedelta(seconds=5), "some")
    server.answer = answer
    wait_until(lambda: server.accepts, lambda on: not on, timedelta(seconds=5), "the end")
    (refusal,) = writer.finish().refusals
    assert (refusal.statement, refusal.words) == ("connect", "connection failed: refused")


def test_the_first_connection_must_work(server: TablesServer, writer: RowWriter) -> None:
    server.accepts = False
    (refusal,) = wrote(writer).refusals
    assert refusal.words == "connection failed: refused"


@pytest.mark.parametrize("count", [1, 10_000], ids=["a DELETE", "a TRUNCATE"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_rows_that_another_session_removed_are_forgotten(
    server: TablesServer, writer: RowWriter, verb: str, count: int
) -> None:
    emptied = [0]

    def answer(statement: str) -> int | None:
        if not emptied[0] and statement.startswith(verb) and ".users " in statement:
            emptied[0] = server.remove("users", count)
        return None

    server.answer = answer
    written = wrote(writer, 300)
    assert (writer.trouble, written.refusals) == (None, [])
    assert emptied[0]
    # Removing rows from outside is not a change of the writer.
    assert folded(written).items() >= versions(server).items()
    if count > 1:
        assert len(folded(written)) == len(versions(server)) + emptied[0]


@pytest.mark.parametrize("verb", ["INSERT", "UPDATE", "DELETE"])
def test_a_statement_that_silently_does_nothing_is_a_refusal(
    server: TablesServer, writer: RowWriter, verb: str
) -> None:
    server.answer = lambda statement: 0 if statement.startswith(verb) else None
    refusal = wrote(writer, 50_000).refusals[0]
    assert "without an error: a trigger or a rule does something else" in refusal.words
    assert refusal.statement.startswith(verb)


def test_a_refusal_of_many_rows_at_once_is_recorded(
    server: TablesServer, writer: RowWriter
) -> None:
    server.answer = refusing(psycopg.errors.lookup("23503")("no parent"), "COPY")
    writer.write_at_once("one COPY", "comments", 5)
    assert [(r.table, r.sqlstate) for r in writer.written.refusals] == [("comments", "23503")]


@pytest.mark.parametrize(
    ("error", "broken", "lost"),
    [
        (psycopg.errors.lookup("08006")("x"), False, True),
        (psycopg.errors.lookup("57P01")("x"), False, True),
        (psycopg.errors.lookup("57P03")("x"), False, True),
        (psycopg.errors.lookup("57014")("x"), True, False),
        (psycopg.errors.lookup("53100")("x"), False, False),
        (psycopg.OperationalError("x"), True, True),
        (psycopg.OperationalError("x"), False, False),
        (psycopg.InterfaceError("the connection is closed"), True, True),
        (psycopg.DataError("x"), True, False),
    ],
)
def test_only_connection_errors_count_as_a_lost_connection(
    error: psycopg.Error, broken: bool, lost: bool
) -> None:
    assert connection_lost(error, broken=broken) is lost
