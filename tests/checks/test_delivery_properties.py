"""An anomaly that is added to any healthy history is found, and no other."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from support.checks.log_duplicate import log_duplicate
from support.checks.lost import lost_ids
from support.checks.phantom import phantom_ids
from support.checks.redelivery import redeliveries
from support.checks.reorder import reordered_ids
from support.checks.unseen import unseen_ids
from support.record.observed import Observations
from tests.checks.histories import history, log_of

ids = st.lists(st.integers(0, 49), max_size=120)


@given(st.text("aru-", min_size=1, max_size=50), ids)
def test_lost_and_phantom_are_set_differences(outcomes: str, log: list[int]) -> None:
    seen = history(outcomes, log_of(*log))
    acked = {n for n, letter in enumerate(outcomes) if letter == "a"}
    possible = {n for n, letter in enumerate(outcomes) if letter in "au"}
    assert set(lost_ids(seen).tolist()) == acked - set(log)
    assert set(phantom_ids(seen)) == set(log) - possible


@given(ids)
def test_duplicates_are_the_surplus_copies(log: list[int]) -> None:
    surplus = sum(copies - 1 for copies in Counter(log).values())
    assert log_duplicate(history("a" * 50, log_of(*log, 50))).measured == surplus


@given(ids, ids)
def test_unseen_records_are_in_the_log_and_were_not_received(
    log: list[int], given_to_group: list[int]
) -> None:
    seen = history("a" * 50, log_of(*log), [log_of(*given_to_group)])
    assert set(unseen_ids(seen, seen.groups[0]).tolist()) == set(log) - set(given_to_group)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=60))
def test_redeliveries_count_every_further_delivery_of_an_offset(
    places: list[tuple[int, int]],
) -> None:
    rows = [(0, partition, offset) for partition, offset in places]
    assert redeliveries(Observations.of(rows)) == len(places) - len(set(places))


@given(st.sets(st.integers(0, 99), min_size=2), st.integers(0, 98))
def test_a_swap_of_neighbours_is_one_reordering(records: set[int], where: int) -> None:
    order = sorted(records)
    at = where % (len(order) - 1)
    assert reordered_ids(Observations.of(log_of(*order))) == []
    order[at], order[at + 1] = order[at + 1], order[at]
    assert reordered_ids(Observations.of(log_of(*order))) == [order[at + 1]]


@given(st.permutations(list(range(8))))
def test_order_in_the_log_counts_and_not_the_order_of_reading(reading: list[int]) -> None:
    rows = [(record, 0, record) for record in reading]
    assert reordered_ids(Observations.of(rows)) == []
