"""Which events belong to a snapshot of PostgreSQL."""

from __future__ import annotations

import pytest

from support.audit.cut import XIDS, Cut, Side

NOW = 1_700_000_000_000
EPOCH = 5 * XIDS
CUT = Cut.of(f"{EPOCH + 100}:{EPOCH + 110}:{EPOCH + 100},{EPOCH + 105}", 5_000, 3_000, NOW)


@pytest.mark.parametrize(
    ("transaction", "seen"),
    [(99, True), (100, False), (101, True), (105, False), (109, True), (110, False), (5000, False)],
)
def test_transactions_of_the_snapshot(transaction: int, seen: bool) -> None:
    assert CUT.sees(transaction) is seen
    assert CUT.sees(EPOCH + transaction) is seen


def test_transaction_ids_that_began_again() -> None:
    cut = Cut.of(f"{EPOCH}:{EPOCH + 2}:", 5_000, 3_000, NOW)
    assert cut.sees(XIDS - 1) and cut.sees(1) and not cut.sees(2)
    assert cut.age(XIDS - 1) == 3 and cut.age(1) == 1


@pytest.mark.parametrize(
    ("lsn", "transaction", "committed_ms", "row", "side"),
    [
        (4_999, 101, NOW, False, Side.BEFORE),
        (5_000, 101, NOW, False, Side.AFTER),
        # Its transaction was open: it is not in the snapshot, although its LSN is below.
        (4_000, 105, NOW, False, Side.AFTER),
        # Written long ago, when the same id was used before.
        (2_999, 105, NOW, False, Side.BEFORE),
        (4_000, None, NOW, False, Side.UNKNOWN),
        (2_999, None, NOW, False, Side.BEFORE),
        # The id of a snapshot's event is that of the snapshot, which read what was committed.
        (4_000, 105, NOW, True, Side.BEFORE),
        (5_001, 120, NOW, True, Side.AFTER),
        # Another server wrote it before the data was moved: LSNs can't be compared.
        (9_000, 101, NOW - 3_600_000, False, Side.BEFORE),
        # It is not known when it was committed.
        (9_000, 101, 0, False, Side.AFTER),
    ],
)
def test_sides(lsn: int, transaction: int | None, committed_ms: int, row: bool, side: Side) -> None:
    assert CUT.side(lsn, transaction, committed_ms, row=row) is side


def test_a_slot_ahead_of_the_cut_settles_nothing_behind_it() -> None:
    assert Cut.of("5:5:", 1_000, 9_000, NOW).settled_lsn == 1_000
