"""When a warm-up ends."""

from __future__ import annotations

import pytest

from support.generate.warm_up import settled


@pytest.mark.parametrize(
    ("p95s_ms", "ends"),
    [
        ([], False),
        ([50], False),
        ([50, 49], False),
        ([50, 49, 48], True),
        ([50, 40, 30], False),
        ([50, 49, 40], False),
        ([50, 49, 40, 39], False),
        ([50, 49, 40, 39, 41], True),
        ([50, 20, 40, 30], True),
    ],
)
def test_a_warm_up_ends_after_two_windows_without_an_improvement(
    p95s_ms: list[float], ends: bool
) -> None:
    assert settled(p95s_ms) is ends
