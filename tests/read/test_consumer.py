"""The consumer as a process: it ends on request, can be crashed, and hides no error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import psutil
import pytest

from support import clock
from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.errors import Inconclusive
from support.read.consumer import GroupConsumer, distinct_offsets, reached
from support.read.member_order import EVENTS, JOURNAL, MemberEvent, MemberOrder
from support.record.observed import ObservationJournal, Observations
from support.record.sessions import Assignment, Commit, CommitAnswer, CommitOutcome, Session
from support.waiting import wait_until

PATIENCE = timedelta(seconds=30)


@pytest.fixture
def consumer(tmp_path: Path) -> Iterator[GroupConsumer]:
    """A consumer that was started without a broker."""
    settings = {"auto.offset.reset": "earliest"}
    order = MemberOrder(KafkaAddress("127.0.0.1:9"), "nowhere", settings, 1, str(tmp_path))
    made = GroupConsumer("reader", "group", order)
    made.start()
    yield made
    if made.alive():
        made.kill()


def test_a_consumer_without_a_broker_reports_errors_and_ends_on_request(
    consumer: GroupConsumer,
) -> None:
    wait_until(consumer.errors, bool, PATIENCE, "an error of the client")
    assert consumer.errors()["_TRANSPORT"] + consumer.errors()["_ALL_BROKERS_DOWN"] > 0
    assert consumer.processed() == 0
    consumer.leave()
    assert not consumer.alive()
    (session,) = consumer.sessions()
    assert not session.killed
    assert session.left


def test_a_crash_is_recorded_as_a_killed_session(consumer: GroupConsumer) -> None:
    consumer.kill()
    (session,) = consumer.sessions()
    assert session.killed
    assert not session.left
    assert session.ended_ns > session.started_ns > 0
    assert len(session.seen) == 0


def test_a_consumer_that_dies_unexpectedly_is_inconclusive(consumer: GroupConsumer) -> None:
    (child,) = (p for p in psutil.Process().children() if "support.read.member" in p.cmdline())
    child.kill()
    child.wait(5)
    with pytest.raises(Inconclusive, match="The consumer reader died"):
        wait_until(consumer.processed, bool, PATIENCE, "a record")


def test_a_line_that_a_crash_cut_off_is_left_out(consumer: GroupConsumer, tmp_path: Path) -> None:
    consumer.kill()
    journal = ObservationJournal(tmp_path / "0" / JOURNAL)
    journal.append(7, 0, 0, 5, True)
    journal.close()
    whole = json.dumps({"error": "X"})
    (tmp_path / "0" / EVENTS).write_text(f"{whole}\n{whole[:5]}")
    assert consumer.errors() == {"X": 1}
    assert consumer.sessions()[0].seen.id.tolist() == [7]


def test_commits_are_read_with_their_answers(consumer: GroupConsumer, tmp_path: Path) -> None:
    consumer.kill()
    events = [
        MemberEvent(commit=Commit(5, 0, 7)),
        MemberEvent(commit=Commit(9, 0, 8)),
        MemberEvent(answer=CommitAnswer(6, 0, 7)),
        MemberEvent(answer=CommitAnswer(12, 0, 8, "UNKNOWN_MEMBER_ID")),
    ]
    (tmp_path / "0" / EVENTS).write_bytes(b"".join(msgspec.json.encode(e) + b"\n" for e in events))
    (session,) = consumer.sessions()
    assert [c.outcome for c in session.commits] == [CommitOutcome.OK, CommitOutcome.FAILED]


def test_a_session_has_the_time_before_the_committed_offsets_were_requested(
    consumer: GroupConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer may be older than commits of others that arrive while it is on its way."""
    consumer.kill()
    answered: list[int] = []

    def committed(*_: object) -> dict[int, int]:
        answered.append(clock.now_ns())
        return {0: 3}

    monkeypatch.setattr(BrokerClient, "committed", committed)
    consumer.start()
    before, session = consumer.sessions()
    assert before.asked_ns == before.started_ns
    assert session.asked_ns < answered[0] < session.started_ns
    assert session.resumes_from == {0: 3}


def test_an_offset_that_is_delivered_again_counts_once() -> None:
    """Before a damaged batch a client can read the same records for ever; that is no progress."""
    once = Session("reader", Observations.of([(0, 0, 0), (1, 0, 1)]))
    again = Session("reader", Observations.of([(0, 0, 0), (1, 0, 1), (0, 0, 0), (2, 1, 0)]))
    assert distinct_offsets((once,)) == 2
    assert distinct_offsets((once, again)) == 3


def test_the_end_is_reached_when_its_last_record_was_delivered_in_any_session() -> None:
    first, second = (
        Session("reader", Observations.of(rows)) for rows in ([(0, 0, 0), (1, 0, 1)], [(2, 1, 0)])
    )
    assert reached((first, second), {0: 2, 1: 1, 2: 0})
    assert not reached((first,), {0: 2, 1: 1})
    assert not reached((first, second), {0: 3})


def test_every_assignment_after_the_first_begins_an_epoch() -> None:
    seen = Observations.of([(n, 0, n) for n in range(5)])
    assert np.array_equal(seen.received_ns, range(5))
    assigned = tuple(Assignment(at, "assigned", (0,)) for at in (-1, 2, 9))
    lost = Assignment(4, "lost", (0,))
    epochs = Session("reader", seen, assignments=(*assigned, lost)).epochs()
    assert [epoch.id.tolist() for epoch in epochs] == [[0, 1], [2, 3, 4], []]
