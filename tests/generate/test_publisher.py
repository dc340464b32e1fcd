"""The load generator as a process: it reports its errors and never outlives its parent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from support.errors import Inconclusive, SettingsError
from support.generate.publisher import RunningLoad
from support.record.attempts import Outcome
from support.record.schedule import Segment
from support.waiting import wait_until
from tests.generate.loads import MOCK_BROKER, NO_BROKER, load_order

PATIENCE = timedelta(seconds=30)


@pytest.fixture(scope="module", autouse=True)
def without_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLoad]:
    """A load that ends after seven seconds of waiting, in which the other tests run."""
    order = load_order(tmp_path_factory.mktemp("load"), NO_BROKER, Segment(100, 20))
    load = RunningLoad(order)
    yield load
    load.close()


def test_a_load_stops_when_the_disk_runs_low_and_says_so(tmp_path: Path) -> None:
    order = load_order(tmp_path, MOCK_BROKER, Segment(10, 600), stop_free_disk=10**18)
    load = RunningLoad(order)
    with pytest.raises(Inconclusive, match="stopped before its end") as stopped:
        wait_until(load.finished, bool, PATIENCE, "the load")
    load.close()
    assert "stop_free_disk" in str(stopped.value)
    assert load.attempts().attempted < 600


def test_a_configuration_that_librdkafka_refuses_is_named(tmp_path: Path) -> None:
    load = RunningLoad(load_order(tmp_path, {"linger.mss": "5"}, Segment(100, 20)))
    with pytest.raises(SettingsError, match=r"linger\.mss"):
        wait_until(load.started, bool, PATIENCE, "the load")
    load.close()


def test_a_generator_that_dies_makes_the_load_inconclusive(tmp_path: Path) -> None:
    load = RunningLoad(load_order(tmp_path, MOCK_BROKER, Segment(100, 10_000)))
    wait_until(load.started, bool, PATIENCE, "the load")
    psutil.Process(load.pid).kill()
    with pytest.raises(Inconclusive, match="ended before its load"):
        wait_until(load.finished, bool, PATIENCE, "the load")
    load.close()


def test_a_generator_ends_when_its_parent_closes_the_pipe(tmp_path: Path) -> None:
    load = RunningLoad(load_order(tmp_path, MOCK_BROKER, Segment(100, 100_000)))
    wait_until(load.started, bool, PATIENCE, "the load")
    process = psutil.Process(load.pid)
    load.close()
    assert not process.is_running()


def test_records_that_time_out_have_an_unknown_outcome(without_broker: RunningLoad) -> None:
    load = without_broker
    wait_until(load.finished, bool, PATIENCE, "the load")
    attempts = load.attempts()
    assert attempts.attempted == 20
    assert attempts.count(Outcome.UNKNOWN) == 20
    assert (attempts.acked_ns == 0).all()
    assert (attempts.size > 900).all()
    sent = attempts.sent_ns
    assert (sent[1:] >= sent[:-1]).all()
    assert sent[0] >= load.news.start_ns
