"""The times of a recovery; there are none where clients were served throughout."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from support.clock import NS_PER_MS, NS_PER_S
from support.figures.recovery import recovery, recovery_of
from support.promises.delivery_faults import (
    CONSUMER_RECOVERY_TIME,
    FAULT_EFFECT,
    RECOVERY_TIME,
)
from support.record.archive import HISTORY
from support.record.attempts import Attempts, Outcome
from support.record.faults import FAULTS, FaultsRecord, RecordedFault
from support.record.history import History, LogRead
from support.record.load import LOAD, LoadNews, LoadOrder, LoadRecord
from support.record.observed import Observations
from support.record.record import Record
from support.record.sessions import GroupRead, Session
from support.results.schema import Check, Verdict

SPACING_MS, QUICK_MS = 47, 2
RECORDS = 400
END = 30 * NS_PER_S


def load(silent: tuple[float, float] | None, outcome: Outcome = Outcome.ACKED) -> History:
    """Returns a history of 21 records a second, acknowledged and delivered at once.

    Records that are due while the broker is `silent` (begin, end in s) wait until its end.
    """
    sent = np.arange(RECORDS, dtype=np.int64) * SPACING_MS * NS_PER_MS + 1
    acked = sent + QUICK_MS * NS_PER_MS
    if silent:
        begin, end = (int(each * NS_PER_S) for each in silent)
        waits = (sent >= begin) & (sent < end)
        acked[waits] = end + np.arange(waits.sum())
    attempts = Attempts.of(
        sent_ns=sent.tolist(),
        acked_ns=acked.tolist(),
        offset=list(range(RECORDS)),
        outcome=[int(outcome)] * RECORDS,
    )
    seen = Observations.of([(n, 0, n) for n in range(RECORDS)])
    log = LogRead(seen, {0: RECORDS}, {0: RECORDS})
    given = dataclasses.replace(seen, received_ns=acked + NS_PER_MS)
    return History(attempts, log, (GroupRead("group", (Session("reader", given),), True),))


def fault(begin: float, heal: float, proven: float) -> RecordedFault:
    at = [int(each * NS_PER_S) for each in (begin, heal, proven)]
    return RecordedFault("fault", at[0], ((at[0], at[1]),), at[2], ())


def judged(folder: Path, history: History, broken: RecordedFault, brokers: int = 1) -> list[Check]:
    """Returns the fault effect and both recovery times, judged from a record on disk."""
    record = Record(folder)
    record.write(HISTORY, history)
    record.write(FAULTS, FaultsRecord((broken,), brokers))
    order = LoadOrder("h:1", "t", {}, (), 1, (900, 1100), "load", None, "disk", 0)
    record.write(LOAD, LoadRecord(order, LoadNews("done", took_s=END / NS_PER_S), 0))
    assert recovery(record) == recovery_of(history, broken, END)
    return [each.judged(record) for each in (FAULT_EFFECT, RECOVERY_TIME, CONSUMER_RECOVERY_TIME)]


def test_a_broker_that_never_stopped_has_no_recovery_and_its_stall_is_not_the_load_s_spacing(
    tmp_path: Path,
) -> None:
    found = recovery_of(load(None), fault(5, 15, 16), END)
    assert (found.recovery_s, found.consumer_recovery_s) == (None, None)
    assert found.stall_s == QUICK_MS / 1000
    _, time, consumer = judged(tmp_path, load(None), fault(5, 15, 16), 3)
    assert {check.measured for check in (time, consumer)} == {"none"}
    assert {check.verdict for check in (time, consumer)} == {Verdict.MEASURED}


def test_an_outage_has_one_recovery_in_the_check_and_in_the_table(tmp_path: Path) -> None:
    history, broken = load((5, 12)), fault(5, 9, 13)
    found = recovery_of(history, broken, END)
    effect, time, consumer = judged(tmp_path, history, broken)
    assert found.recovery_s is not None
    assert time.measured == round(found.recovery_s, 2) == 3.0
    assert consumer.measured == round(found.consumer_recovery_s or 0, 2) == 3.0
    assert effect.measured == round(found.stall_s or 0, 2) == 6.97


def test_ready_is_the_first_proof_whosever_it_is() -> None:
    history = load((5, 12))
    assert recovery_of(history, fault(5, 9, 13), END).ready_s == 3.0
    assert recovery_of(history, fault(5, 9, 10), END).ready_s == 1.0
    # Clients that were served all the time prove nothing of what was broken: a controller.
    assert recovery_of(load(None), fault(5, 15, 17), END).ready_s == 2.0
    failed = dataclasses.replace(fault(5, 9, 25), heal_trouble="it does not serve")
    assert recovery_of(history, failed, END).ready_s == 3.0


def test_a_load_that_was_over_before_the_fault_was_not_served_in_it(tmp_path: Path) -> None:
    late = fault(25, 26, 27)
    assert recovery_of(load(None), late, END).recovery_s is None
    _, time, _ = judged(tmp_path, load(None), late)
    assert time.verdict is Verdict.INCONCLUSIVE


def test_what_was_rejected_waits_for_nothing() -> None:
    history = load(None)
    columns = {name: getattr(history.attempts, name).copy() for name in vars(history.attempts)}
    columns["outcome"][10], columns["acked_ns"][10] = Outcome.REJECTED, 0
    rejected = dataclasses.replace(history, attempts=Attempts(columns))
    assert recovery_of(rejected, fault(5, 15, 16), END).stall_s == QUICK_MS / 1000
