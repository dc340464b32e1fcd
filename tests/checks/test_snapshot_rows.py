"""Every row of a snapshot, by key and digest."""

from __future__ import annotations

import numpy as np
import pytest

from support.checks.cdc_snapshot import snapshot_rows
from support.record.snapshot import Rows
from support.results.schema import Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def rows(*pairs: tuple[int, int]) -> Rows:
    keys, digests = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(keys, np.int64), np.array(digests, np.int64)


REAL = rows((1, 10), (2, 20), (3, 30))


@pytest.mark.parametrize(
    ("seen", "once", "verdict", "told"),
    [
        (REAL, True, PASS, "users: 3 rows, 0 of them sent again"),
        (rows((1, 10), (3, 30)), True, FAIL, "users 2: only in PostgreSQL"),
        (rows((1, 10), (2, 20), (3, 30), (4, 40)), True, FAIL, "users 4: only in Kafka"),
        (rows((1, 10), (2, 21), (3, 30)), True, FAIL, "users 2: other values in Kafka"),
        (rows((1, 10), (2, 20), (2, 20), (3, 30)), True, FAIL, "users: 1 events more than rows"),
        (rows((1, 10), (2, 20), (2, 20), (3, 30)), False, PASS, "3 rows, 1 of them sent again"),
        # The second event of a row differs: the first alone would look right.
        (rows((1, 10), (2, 20), (2, 21), (3, 30)), False, FAIL, "users 2: other values"),
        (rows(), True, FAIL, "users 1: only in PostgreSQL"),
    ],
)
def test_rows_are_compared(seen: Rows, once: bool, verdict: Verdict, told: str) -> None:
    check = snapshot_rows({"users": seen}, {"users": REAL}, True, once=once)
    assert check.verdict is verdict
    assert told in check.evidence[0]


def test_without_all_events_or_any_row_nothing_is_judged() -> None:
    assert snapshot_rows({"users": REAL}, {"users": REAL}, False).verdict is INCONCLUSIVE
    assert snapshot_rows({"users": rows()}, {"users": rows()}, True).verdict is INCONCLUSIVE


def test_columns_that_are_not_compared_are_named() -> None:
    check = snapshot_rows({"users": REAL}, {"users": REAL}, True, others=["users.score"])
    assert "not compared: column users.score" in check.evidence
