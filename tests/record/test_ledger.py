"""Columns and journals survive a crash of the process that writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.clock import NS_PER_MS
from support.record.attempts import AttemptColumns, Attempts, Outcome
from support.record.history import LogRead
from support.record.observed import ROW, ObservationJournal, Observations
from support.record.sessions import Commit, CommitAnswer, CommitOutcome, answered, outcome_of


def test_a_reader_sees_what_the_writer_stamps_at_once(tmp_path: Path) -> None:
    columns = AttemptColumns.create(tmp_path, 3)
    attempts = Attempts.open(tmp_path)
    assert attempts.attempted == 0
    columns.outcome[1] = Outcome.ACKED
    columns.sent_ns[1], columns.acked_ns[1], columns.offset[1] = 5, 9, 77
    assert attempts.count(Outcome.ACKED) == attempts.attempted == 1
    assert attempts.ids(Outcome.ACKED).tolist() == [1]
    assert (attempts.sent_ns[1], attempts.acked_ns[1], attempts.offset[1]) == (5, 9, 77)


def test_new_columns_forget_an_earlier_load(tmp_path: Path) -> None:
    AttemptColumns.create(tmp_path, 3).outcome[0] = Outcome.ACKED
    AttemptColumns.create(tmp_path, 2)
    attempts = Attempts.open(tmp_path)
    assert (len(attempts), attempts.attempted) == (2, 0)


def test_a_journal_keeps_order_and_every_field(tmp_path: Path) -> None:
    journal = ObservationJournal(tmp_path / "a" / "journal")
    journal.append(7, 2, 10**10, 123, True)
    journal.append(-1, 0, 0, 124, False)
    seen = journal.close()
    assert seen.id.tolist() == [7, -1]
    assert seen.offset.tolist() == [10**10, 0]
    assert seen.intact.tolist() == [True, False]


def test_a_row_that_a_crash_cut_off_is_ignored(tmp_path: Path) -> None:
    journal = ObservationJournal(tmp_path / "journal")
    journal.append(1, 0, 0, 0, True)
    journal.append(2, 0, 1, 0, True)
    journal.close()
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[: ROW.itemsize + 5])
    assert Observations.read(journal.path).id.tolist() == [1]


def test_a_log_is_complete_only_when_every_partition_was_read_to_its_end() -> None:
    nothing = Observations.of([])
    assert LogRead(nothing, {0: 2, 1: 0}, {0: 2, 1: 0}).complete
    assert not LogRead(nothing, {0: 2, 1: 1}, {0: 2, 1: 0}).complete
    assert not LogRead(nothing, {0: 2}, {}).complete
    assert not LogRead(nothing, {}, {}).complete
    assert not LogRead(nothing, {0: 2}, {0: 2}, unreadable={1: "it has no leader"}).complete


def test_an_answer_belongs_to_the_first_commit_that_has_none() -> None:
    asked = [Commit(1, 0, 5), Commit(2, 0, 5), Commit(3, 1, 5), Commit(4, 0, 9)]
    told = [CommitAnswer(6, 0, 5), CommitAnswer(7, 0, 9, "UNKNOWN_MEMBER_ID")]
    first, second, other, last = answered(asked, told)
    assert (first.outcome, first.answered_ns) == (CommitOutcome.OK, 6)
    assert {second.outcome, other.outcome} == {CommitOutcome.UNKNOWN}
    assert (last.outcome, last.error) == (CommitOutcome.FAILED, "UNKNOWN_MEMBER_ID")
    assert answered(asked, [CommitAnswer(9, 2, 5)]) == tuple(asked)


@pytest.mark.parametrize(
    ("error", "took_ms", "outcome"),
    [
        ("", 9000, CommitOutcome.OK),
        ("ILLEGAL_GENERATION", 5, CommitOutcome.FAILED),
        # So late that it may answer a retry, after the first attempt was stored.
        ("ILLEGAL_GENERATION", 150, CommitOutcome.UNKNOWN),
        ("REQUEST_TIMED_OUT", 5, CommitOutcome.UNKNOWN),
        ("_TRANSPORT", 5, CommitOutcome.UNKNOWN),
    ],
)
def test_only_a_certain_refusal_is_a_failed_commit(
    error: str, took_ms: int, outcome: CommitOutcome
) -> None:
    assert outcome_of(error, took_ms * NS_PER_MS) is outcome
