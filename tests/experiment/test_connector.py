"""The connector of a scenario, as Kafka Connect reports it."""

from __future__ import annotations

from typing import Any

import pytest

from support.clients.connect import ConnectorState, OffsetsUnknown
from support.clients.connect_address import ConnectAddress
from support.errors import StackError
from support.experiment.connector import Connector, flush_interval_ms
from support.record.capture import CommittedOffset, TaskRecord

TRACE = "boom\n\tat a.B\nCaused by: RecordTooLarge: 5 bytes"


class Connect:
    """Reports this state and this committed offset, or raises."""

    def __init__(self, state: object, lsn: object = 7) -> None:
        self._state, self._lsn = state, lsn

    def state(self, _name: str) -> Any:
        if isinstance(self._state, Exception):
            raise self._state
        return self._state

    def committed_lsn(self, _name: str) -> Any:
        if isinstance(self._lsn, Exception):
            raise self._lsn
        return self._lsn


def connector(state: object, lsn: object = 7) -> Connector:
    made: Any = Connector("kv_1", ConnectAddress("http://127.0.0.1:9"))
    made.client = Connect(state, lsn)
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("state", "failure", "reason"),
    [
        (ConnectorState("RUNNING", ("RUNNING",), ""), "", ""),
        (
            ConnectorState("RUNNING", ("FAILED",), TRACE),
            "boom",
            "Caused by: RecordTooLarge: 5 bytes",
        ),
        (ConnectorState("FAILED", (), "bang"), "bang", "bang"),
        (ConnectorState("RUNNING", ("FAILED",), ""), "without a trace", "without a trace"),
    ],
)
def test_a_failure_is_the_first_line_of_the_trace_or_the_one_with_the_mark(
    state: ConnectorState, failure: str, reason: str
) -> None:
    assert connector(state).failure() == failure
    assert connector(state).failure_reason("RecordTooLarge") == reason


def test_the_task_is_recorded_also_where_connect_does_not_answer() -> None:
    state = ConnectorState("RUNNING", ("FAILED",), TRACE)
    assert connector(state).task_record() == TaskRecord("RUNNING", ("FAILED",), TRACE)
    silent = connector(StackError("Connect does not answer.")).task_record()
    assert (silent.connector, silent.tasks, silent.running) == ("unknown", (), False)
    assert silent.trouble == "Connect does not answer."


def test_the_committed_offset_is_recorded_or_why_it_is_unknown() -> None:
    worker = {"offset.flush.interval.ms": "5000"}
    assert connector(None).committed_offset(worker) == CommittedOffset(7, "", 5000)
    old = connector(None, OffsetsUnknown("Kafka Connect 3.4 can't tell."))
    seen = CommittedOffset(None, "Kafka Connect 3.4 can't tell.", 60_000)
    assert old.committed_offset({}) == seen
    assert flush_interval_ms({}) == 60_000
