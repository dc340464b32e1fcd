"""The load generator as a process: it never outlives its parent and tells its troubles."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from support.errors import Inconclusive, SettingsError
from support.generate.order import LoadOrder
from support.generate.publisher import RunningLoad
from support.generate.schedule import Segment
from support.record.attempts import Outcome
from support.waiting import wait_until

PATIENCE = timedelta(seconds=30)


def order(folder: Path) -> LoadOrder:
    """Records for a port at which nobody listens: each times out after a second."""
    return LoadOrder(
        bootstrap="127.0.0.1:9",
        topic="nowhere",
        producer={"message.timeout.ms": "1000"},
        segments=(Segment(100, 20),),
        seed=1,
        sizes=(1_000, 10_000),
        folder=str(folder),
        warm_up=None,
        disk_folder=str(folder),
        stop_free_disk=0,
        learn_s=0.1,
    )


def test_records_that_time_out_are_unknown_and_none_is_forgotten(tmp_path: Path) -> None:
    load = RunningLoad(order(tmp_path))
    wait_until(load.finished, bool, PATIENCE, "the load")
    load.close()
    attempts = load.attempts()
    assert attempts.attempted == 20
    assert attempts.count(Outcome.UNKNOWN) == 20
    assert (attempts.acked_ns == 0).all()
    assert (attempts.size > 900).all()
    sent = attempts.sent_ns
    assert (sent[1:] >= sent[:-1]).all()
    assert sent[0] >= load.news.start_ns


def test_a_load_stops_when_the_disk_runs_low_and_says_so(tmp_path: Path) -> None:
    wanted = dataclasses.replace(
        order(tmp_path), segments=(Segment(10, 600),), stop_free_disk=10**18
    )
    load = RunningLoad(wanted)
    with pytest.raises(Inconclusive, match="stopped before its end") as stopped:
        wait_until(load.finished, bool, PATIENCE, "the load")
    load.close()
    assert "stop_free_disk" in str(stopped.value)
    assert load.attempts().attempted < 600


def test_a_configuration_that_librdkafka_refuses_is_named(tmp_path: Path) -> None:
    load = RunningLoad(dataclasses.replace(order(tmp_path), producer={"linger.mss": "5"}))
    with pytest.raises(SettingsError, match=r"linger\.mss"):
        wait_until(load.started, bool, PATIENCE, "the load")
    load.close()


def test_a_generator_that_died_is_no_result(tmp_path: Path) -> None:
    load = RunningLoad(dataclasses.replace(order(tmp_path), segments=(Segment(100, 10_000),)))
    wait_until(load.started, bool, PATIENCE, "the load")
    psutil.Process(load.pid).kill()
    with pytest.raises(Inconclusive, match="ended before its load"):
        wait_until(load.finished, bool, PATIENCE, "the load")
    load.close()


def test_a_generator_ends_when_its_parent_lets_go(tmp_path: Path) -> None:
    load = RunningLoad(dataclasses.replace(order(tmp_path), segments=(Segment(100, 100_000),)))
    wait_until(load.started, bool, PATIENCE, "the load")
    process = psutil.Process(load.pid)
    load.close()
    assert not process.is_running()
