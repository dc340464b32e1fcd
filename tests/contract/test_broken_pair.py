"""A pair of versions that is refused for its loss shows that loss."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.errors import NotInTime
from support.stack.capture import CONNECTOR
from support.waiting import wait_until
from tests.contract.running import running_stack
from tests.contract.test_versions import CHANGE, PATIENCE, confirmed, stack_of

WRITTEN = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"
SEVERAL_FLUSHES = timedelta(seconds=10)
"""The baseline commits offsets every 2 s; a working connector confirms its slot after each."""


def test_all_wal_is_kept_under_a_running_connector() -> None:
    with running_stack(stack_of("4.3.1", "2.5.4", "16", allow_broken_pair="yes")) as broken:
        client = ConnectClient(broken.endpoints.connect)
        database = Database(broken.endpoints.database.conninfo)

        def committed() -> int:
            return client.committed_lsn(CONNECTOR) or 0

        first = wait_until(committed, bool, PATIENCE, "a committed offset")
        before = int(database.query(WRITTEN)[0][0])
        database.execute(CHANGE)
        what = "the change's offset to be committed"
        wait_until(lambda: committed() > first, bool, PATIENCE, what)
        with pytest.raises(NotInTime):
            wait_until(lambda: confirmed(broken) > before, bool, SEVERAL_FLUSHES, "a confirmation")
        assert client.state(CONNECTOR).running
