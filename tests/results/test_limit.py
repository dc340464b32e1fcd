"""Limits: what they allow, how much of them is used, and how they read."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from support.results.limit import Limit, Operator, at_most, exactly
from support.results.schema import Check, Verdict


@pytest.mark.parametrize(
    ("operator", "allowed", "refused"),
    [
        (Operator.BELOW, 99.9, 100.0),
        (Operator.AT_MOST, 100.0, 100.1),
        (Operator.AT_LEAST, 100.0, 99.9),
        (Operator.EXACTLY, 100.0, 101.0),
    ],
)
def test_a_limit_allows_figures_on_its_side(
    operator: Operator, allowed: float, refused: float
) -> None:
    limit = Limit(operator, 100.0, "ms")
    assert limit.allows(allowed)
    assert not limit.allows(refused)


def test_the_used_share_exists_for_upper_limits_only() -> None:
    assert Limit(Operator.BELOW, 100.0, "ms").used(25.0) == 0.25
    assert Limit(Operator.AT_MOST, 0.0, "records").used(1.0) is None
    assert Limit(Operator.AT_LEAST, 10.0, "records").used(5.0) is None
    assert Limit(Operator.EXACTLY, 10.0, "records").used(5.0) is None


def test_a_check_uses_no_share_of_a_limit_in_another_unit() -> None:
    rate = Check("achieved rate", Verdict.PASS, 998.0, "records/s", "within 5 %")
    assert dataclasses.replace(rate, limit=Limit(Operator.AT_MOST, 5.0, "%")).used is None
    below = Limit(Operator.BELOW, 1996.0, "records/s")
    assert dataclasses.replace(rate, limit=below).used == 0.5


def test_a_limit_reads_as_a_phrase() -> None:
    assert str(Limit(Operator.BELOW, 100.0, "ms")) == "below 100 ms"
    assert str(Limit(Operator.AT_LEAST, 1.5, "")) == "at least 1.5"
    assert str(exactly(1, "records")) == "exactly 1 record"
    assert str(at_most(1_000_000, "records")) == "at most 1,000,000 records"


def test_a_limit_survives_json() -> None:
    limit = Limit(Operator.AT_MOST, 2.5, "s")
    assert msgspec.json.decode(msgspec.json.encode(limit), type=Limit) == limit
