"""Sampled payloads have the sizes and the compressibility of a sample, and carry their id."""

from __future__ import annotations

import json
import zlib

import pytest

from support.generate.payload import ID_WIDTH, POOL, Payloads
from support.generate.sampled_text import BARE, calibrated
from support.record.sampled_payloads import SampledPayloads, quantiles

SMALLEST = BARE + ID_WIDTH


def sampled(sizes: list[int], ratio: float) -> SampledPayloads:
    seen = SampledPayloads(("shop.orders",), len(sizes), quantiles(sizes, POOL), ratio)
    return calibrated(seen, 1, ID_WIDTH)


@pytest.mark.parametrize("ratio", [1.5, 4.0, 12.0])
def test_sizes_and_compressibility_are_those_of_the_sample(ratio: float) -> None:
    sizes = list(range(200, 1_200))
    made = Payloads(1, sampled=sampled(sizes, ratio))
    lengths = sorted(len(made.value(n)) for n in range(POOL))
    assert lengths == sorted(quantiles(sizes, POOL))
    assert made.compression_ratio() == pytest.approx(ratio, rel=0.05)


def test_a_record_carries_its_id_and_every_process_makes_the_same_bytes() -> None:
    given = sampled([100, 900, 3_000], 4.0)
    made, again = Payloads(7, sampled=given), Payloads(7, sampled=given)
    for record in (0, 7, 894_999):
        assert json.loads(made.value(record))["id"] == record
        assert again.is_intact(record, made.value(record))
        assert not made.is_intact(record + 1, made.value(record))


def test_events_that_are_too_small_for_an_id_become_as_small_as_possible() -> None:
    made = Payloads(1, sampled=sampled([10, 20], 1.2))
    assert {len(made.value(n)) for n in range(POOL)} == {SMALLEST}


def test_a_ratio_out_of_reach_is_approached_from_below() -> None:
    made = Payloads(1, sampled=sampled([4_000] * 10, 10_000.0))
    sample = b"".join(made.value(n) for n in range(POOL))
    assert 50 < len(sample) / len(zlib.compress(sample, 6)) < 10_000


def test_quantiles_keep_the_distribution() -> None:
    assert quantiles([5], 3) == (5, 5, 5)
    assert quantiles([4, 1, 3, 2], 4) == (1, 2, 3, 4)
    assert quantiles(list(range(1000)), 4) == (125, 375, 625, 875)
