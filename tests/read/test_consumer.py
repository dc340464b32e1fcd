"""The consumer as a process: it ends with its parent, crashes when told, and hides no trouble."""

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
from support.errors import Inconclusive
from support.read.consumer import GroupConsumer, different_places, reached
from support.read.member import EVENTS, JOURNAL, MemberEvent, MemberOrder
from support.record.observed import ObservationJournal, Observations
from support.record.sessions import Assignment, Commit, CommitAnswer, CommitOutcome, Session
from support.waiting import wait_until

PATIENCE = timedelta(seconds=30)


@pytest.fixture
def consumer(tmp_path: Path) -> Iterator[GroupConsumer]:
    """Of a broker that is not there."""
    settings = {"auto.offset.reset": "earliest"}
    order = MemberOrder("127.0.0.1:9", "nowhere", settings, 1, str(tmp_path))
    made = GroupConsumer("reader", "group", order)
    made.start()
    yield made
    if made.alive():
        made.kill()


def test_a_consumer_without_a_broker_reports_errors_and_ends_when_told(
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


def test_a_crash_is_put_down_as_one(consumer: GroupConsumer) -> None:
    consumer.kill()
    (session,) = consumer.sessions()
    assert session.killed
    assert not session.left
    assert session.ended_ns > session.started_ns > 0
    assert len(session.seen) == 0


def test_a_consumer_that_died_by_itself_is_no_result(consumer: GroupConsumer) -> None:
    (child,) = (p for p in psutil.Process().children() if "support.read.member" in p.cmdline())
    child.kill()
    child.wait(5)
    with pytest.raises(Inconclusive, match="The consumer reader died"):
        wait_until(consumer.processed, bool, PATIENCE, "a record")


def test_what_a_crash_cut_off_is_left_out(consumer: GroupConsumer, tmp_path: Path) -> None:
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
    told = [
        MemberEvent(commit=Commit(5, 0, 7)),
        MemberEvent(commit=Commit(9, 0, 8)),
        MemberEvent(answer=CommitAnswer(6, 0, 7)),
        MemberEvent(answer=CommitAnswer(12, 0, 8, "UNKNOWN_MEMBER_ID")),
    ]
    (tmp_path / "0" / EVENTS).write_bytes(b"".join(msgspec.json.encode(e) + b"\n" for e in told))
    (session,) = consumer.sessions()
    assert [c.outcome for c in session.commits] == [CommitOutcome.OK, CommitOutcome.FAILED]


def test_the_moment_before_the_broker_is_asked_is_put_down(
    consumer: GroupConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others commit while the answer is under way, the broker may not have held yet."""
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


def test_a_place_that_is_delivered_again_is_no_new_one() -> None:
    """In front of a damaged batch a client can go round for ever: that is no progress."""
    once = Session("reader", Observations.of([(0, 0, 0), (1, 0, 1)]))
    again = Session("reader", Observations.of([(0, 0, 0), (1, 0, 1), (0, 0, 0), (2, 1, 0)]))
    assert different_places((once,)) == 2
    assert different_places((once, again)) == 3


def test_the_end_is_reached_when_its_last_record_was_delivered_in_any_session() -> None:
    first, second = (
        Session("reader", Observations.of(rows)) for rows in ([(0, 0, 0), (1, 0, 1)], [(2, 1, 0)])
    )
    assert reached((first, second), {0: 2, 1: 1, 2: 0})
    assert not reached((first,), {0: 2, 1: 1})
    assert not reached((first, second), {0: 3})


def test_epochs_split_at_every_further_assignment() -> None:
    seen = Observations.of([(n, 0, n) for n in range(5)])
    assert np.array_equal(seen.received_ns, range(5))
    assigned = tuple(Assignment(at, "assigned", (0,)) for at in (-1, 2, 9))
    lost = Assignment(4, "lost", (0,))
    epochs = Session("reader", seen, assignments=(*assigned, lost)).epochs()
    assert [epoch.id.tolist() for epoch in epochs] == [[0, 1], [2, 3, 4], []]
