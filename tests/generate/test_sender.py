"""Loads against a mock broker: every record is sent on time and stored with its outcome."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from support.generate.publisher import run_load
from support.generate.stats import read_stats
from support.record.attempts import Outcome
from support.record.load import WarmUp
from support.record.schedule import UNPACED, Segment
from tests.generate.loads import MOCK_BROKER, load_order

PATIENCE = timedelta(seconds=60)
COUNT = 150


@pytest.mark.parametrize("rate", [UNPACED, 100])
def test_every_record_is_acknowledged_with_its_offset(tmp_path: Path, rate: int) -> None:
    order = load_order(tmp_path, MOCK_BROKER, Segment(rate, COUNT), first=40)
    attempts = run_load(order, PATIENCE).attempts()
    assert attempts.count(Outcome.ACKED) == COUNT
    assert (attempts.acked_ns > attempts.sent_ns).all()
    stored = set(zip(attempts.partition.tolist(), attempts.offset.tolist(), strict=True))
    assert len(stored) == COUNT


def test_a_paced_load_sends_no_record_before_its_intended_time(tmp_path: Path) -> None:
    load = run_load(load_order(tmp_path, MOCK_BROKER, Segment(100, COUNT)), PATIENCE)
    intended = load.news.start_ns + np.arange(COUNT) * 10**7
    assert (load.attempts().sent_ns >= intended).all()


def test_statistics_contain_the_broker_and_its_round_trip_time(tmp_path: Path) -> None:
    load = run_load(load_order(tmp_path, MOCK_BROKER, Segment(100, COUNT)), PATIENCE)
    second = read_stats(tmp_path, load.news.start_ns)[0]
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
