"""`make check-stack` on a real stack: it changes nothing, and it ends soon whatever answers."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support import clock
from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.progress import Progress
from support.settings import Settings
from support.stack.addresses import Endpoints
from support.stack.embedded.stack import EmbeddedStack
from tests.contract.running import ended, stack_by_hand, start

CHECK = (sys.executable, "-m", "check_stack")
LIMIT = timedelta(seconds=30)
IN_DATABASE = {
    "slots": "SELECT slot_name, plugin, confirmed_flush_lsn IS NULL FROM pg_replication_slots",
    "publications": "SELECT pubname, puballtables FROM pg_publication",
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_temp%'",
    "tables": "SELECT schemaname, tablename FROM pg_tables",
    "roles": "SELECT rolname FROM pg_roles",
    "settings": "SELECT name, setting FROM pg_settings WHERE source <> 'session'",
    "rows": "SELECT count(*), max(id) FROM public.users",
}


@pytest.fixture(scope="module")
def ends() -> Iterator[Endpoints]:
    """Yields the addresses of a stack of `make up`."""
    with stack_by_hand():
        stack = EmbeddedStack(Settings.load({}, {}), Progress(io.StringIO()))
        assert stack.find_running()
        yield stack.endpoints


@pytest.fixture
def file(ends: Endpoints, tmp_path: Path) -> Path:
    path = tmp_path / "stack.toml"
    database = ends.database
    path.write_text(
        f'[kafka]\nbootstrap = "{ends.kafka}"\n[connect]\nurl = "{ends.connect.url}"\n[postgres]\n'
        f'host = "{database.host}"\nport = {database.port}\nuser = "{database.user}"\n'
        f'dbname = "{database.name}"\n'
    )
    return path


def state(ends: Endpoints) -> dict[str, Any]:
    """Everything in the stack that a look could have changed."""
    client, connect = BrokerClient(ends.kafka), ConnectClient(ends.connect)
    database = Database(ends.database.conninfo)
    topics = sorted(client.topics())
    return {
        "topics": topics,
        "topic settings": {each: client.topic_config(each) for each in topics},
        "partitions": {each: client.partitions(each) for each in topics},
        "groups": client.groups(),
        "connectors": {each: connect.config(each) for each in connect.connectors()},
        **{name: sorted(database.query(query)) for name, query in IN_DATABASE.items()},
    }


def checked(*arguments: str) -> tuple[int, str, float]:
    """Returns the exit code, the output and the seconds of one check."""
    began = clock.now_ns()
    code, output = ended(start(*arguments, command=CHECK), 2 * LIMIT)
    return code, output, (clock.now_ns() - began) / clock.NS_PER_S


def test_it_reports_a_stack_and_changes_nothing(ends: Endpoints, file: Path) -> None:
    before = state(ends)
    code, output, seconds = checked("-D", f"stack={file}")
    assert code == 0, output
    assert state(ends) == before
    assert seconds < LIMIT.total_seconds()
    for words in (
        "1 broker, version",
        "topics named kafka-validation-*: everything is permitted",
        "groups named kafka-validation-*: Read, Describe, Delete permitted",
        "accepts the settings of the suite's connector, and reaches the database",
        "cdc may replicate, and create a schema and a publication",
        "clock of Kafka Connect: the same",
        "clock of PostgreSQL: the same",
        "scenarios: runs",
        "Nothing was created or changed.",
    ):
        assert words in " ".join(output.split()), output


def test_each_wrong_address_has_its_own_reason(file: Path) -> None:
    code, output, seconds = checked(
        "-D", f"stack={file}", "-D", "connect=http://127.0.0.1:9", "-D", "bootstrap=127.0.0.1:9"
    )
    assert code == 2
    assert seconds < LIMIT.total_seconds()
    assert output.count("PROBLEM  ") == 2, output
    assert "127.0.0.1:9: connection refused" in output
    assert "logical replication is on" in output


def test_it_ends_soon_when_nothing_answers() -> None:
    with ExitStack() as silent:
        # They accept connections, and then say nothing.
        places = [silent.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        kafka, connect, database = (f"127.0.0.1:{each.getsockname()[1]}" for each in places)
        code, output, seconds = checked(
            *("-D", "target=attach", "-D", f"bootstrap={kafka}", "-D", f"connect=http://{connect}"),
            *("-D", f"database=postgresql://u@{database}/d"),
        )
    assert code == 2
    assert seconds < LIMIT.total_seconds(), output
    assert output.count("PROBLEM  ") == 3, output
