"""The history that the checker's speed is measured with has no finding."""

from __future__ import annotations

from support.bench.checker import clean_history
from support.checks.delivery import check_delivery
from support.results.schema import GREEN


def test_the_clean_history_is_clean() -> None:
    checks = check_delivery(clean_history(30_000))
    assert [check.name for check in checks if check.verdict not in GREEN] == []
