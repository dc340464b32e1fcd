"""Loads against a mock broker: every record is sent on time and stored with its outcome."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from support.generate.publisher import RunningLoad, run_load
from support.generate.stats import read_stats
from support.record.attempts import Attempts, Outcome
from support.record.load import WarmUp
from support.record.schedule import UNPACED, Segment
from tests.generate.loads import MOCK_BROKER, load_order

PATIENCE = timedelta(seconds=60)
COUNT = 150


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> RunningLoad:
    """A load of 100 records/s, which has ended."""
    order = load_order(tmp_path_factory.mktemp("paced"), MOCK_BROKER, Segment(100, COUNT), first=40)
    return run_load(order, PATIENCE)


def assert_all_stored(attempts: Attempts) -> None:
    """Asserts that every record is acknowledged with an offset that no other record has."""
    assert attempts.count(Outcome.ACKED) == COUNT
    assert (attempts.acked_ns > attempts.sent_ns).all()
    stored = set(zip(attempts.partition.tolist(), attempts.offset.tolist(), strict=True))
    assert len(stored) == COUNT


def test_every_record_is_acknowledged_with_its_offset(paced: RunningLoad) -> None:
    assert_all_stored(paced.attempts())


def test_a_load_as_fast_as_possible_is_acknowledged_too(tmp_path: Path) -> None:
    order = load_order(tmp_path, MOCK_BROKER, Segment(UNPACED, COUNT), first=40)
    assert_all_stored(run_load(order, PATIENCE).attempts())


def test_a_paced_load_sends_no_record_before_its_intended_time(paced: RunningLoad) -> None:
    intended = paced.news.start_ns + np.arange(COUNT) * 10**7
    assert (paced.attempts().sent_ns >= intended).all()


def test_statistics_contain_the_broker_and_its_round_trip_time(paced: RunningLoad) -> None:
    second = read_stats(Path(paced.order.folder), paced.news.start_ns)[0]
    assert second.brokers == 1
    assert 0 < second.rtt_us[0] <= second.rtt_us[2]


def test_a_warm_up_reports_the_p95_of_each_window(tmp_path: Path) -> None:
    warm_up = WarmUp("warm-up", window_s=0.2, longest_s=0.7)
    order = load_order(tmp_path, MOCK_BROKER, Segment(100, 10), warm_up=warm_up)
    load = run_load(order, PATIENCE)
    assert 1 <= len(load.news.window_p95_ms) <= 3
    assert all(0 < p95 < 1_000 for p95 in load.news.window_p95_ms)
    assert load.news.warm_up_s > 0.2
    assert load.attempts().count(Outcome.ACKED) == 10
