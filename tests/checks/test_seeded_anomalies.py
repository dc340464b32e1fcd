"""A random legal history stays clean; with one anomaly in it, exactly that one is found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.checks.delivery import check_delivery
from support.ledger.history import History
from support.results.schema import Verdict
from tests.checks.legal import ANOMALIES, legal_history

EXAMPLES = 200


def failing(history: History) -> set[str]:
    """What is found; that not everything was accepted is no anomaly: outcomes may be unknown."""
    found = {c.name for c in check_delivery(history) if c.verdict is Verdict.FAIL}
    return found - {"accepted"}


@settings(max_examples=EXAMPLES)
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_a_legal_history_is_clean(luck: random.Random, groups: int) -> None:
    assert failing(legal_history(luck, groups)) == set()


@pytest.mark.parametrize("anomaly", ANOMALIES)
@settings(max_examples=EXAMPLES)
@given(luck=st.randoms(use_true_random=False), groups=st.integers(1, 2))
def test_a_seeded_anomaly_is_found_and_nothing_else(
    anomaly: str, luck: random.Random, groups: int
) -> None:
    put_in, expected = ANOMALIES[anomaly]
    assert failing(put_in(legal_history(luck, groups))) == expected
