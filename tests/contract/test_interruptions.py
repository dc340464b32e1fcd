"""Six interruptions at random; `python -m tests.contract.interruptions` makes any number."""

from __future__ import annotations

import pytest

from tests.contract.interruptions import series


@pytest.mark.parametrize(("kept", "count"), [(False, 3), (True, 3)], ids=["own", "kept"])
def test_no_interruption_is_lost_nor_leaves_anything(kept: bool, count: int) -> None:
    assert series(28, count, kept=kept) == []
