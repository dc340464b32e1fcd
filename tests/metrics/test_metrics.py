"""Percentiles by rank, series over time, samples of a real process, and a broker's log."""

from __future__ import annotations

import base64
import os
import re
import shutil
from pathlib import Path
from threading import Event, Thread

import numpy as np
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from support.clients.usage import Usage, disk_usage, usage_of_process
from support.metrics.broker_log import lease_wait_s
from support.metrics.log_lines import log_marks, logged, relevant_lines
from support.metrics.sampler import ResourceSampler
from support.metrics.summary import over_time, percentile_ns, summarise
from support.waiting import wait_until
from tests.metrics import broker_logs

MS = 1_000_000


def test_a_percentile_without_enough_samples_is_none() -> None:
    few = summarise(np.full(19, 5 * MS, np.int64))
    assert (few.p50_ms, few.p95_ms, few.p99_ms, few.p999_ms) == (5, None, None, None)
    some = summarise(np.full(100, 5 * MS, np.int64))
    assert (some.p95_ms, some.p99_ms, some.p999_ms) == (5, 5, None)
    assert summarise(np.full(1000, 5 * MS, np.int64)).p999_ms == 5
    assert summarise(np.array([], np.int64)).mean_ms is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=300), st.sampled_from([500, 950, 990]))
def test_a_percentile_is_the_smallest_value_that_covers_its_share(
    values: list[int], per_mille: int
) -> None:
    ordered = np.sort(np.array(values, np.int64))
    value = percentile_ns(ordered, per_mille)
    assert np.count_nonzero(ordered <= value) * 1000 >= per_mille * len(values)
    assert np.count_nonzero(ordered < value) * 1000 < per_mille * len(values)


def test_the_histogram_holds_every_sample_and_can_be_merged() -> None:
    values = np.array([1_000, 5 * MS, 5 * MS, 250 * MS, 0, 2 * 3600 * 1000 * MS], np.int64)
    decoded = HdrHistogram.decode(summarise(values).histogram)
    assert decoded.get_total_count() == len(values)
    merged = HdrHistogram(1, 3_600_000_000, 3)
    merged.add(decoded)
    merged.add(decoded)
    assert merged.get_total_count() == 2 * len(values)
    assert abs(decoded.get_value_at_percentile(50) - 5_000) < 10
    assert base64.b64decode(summarise(values).histogram)


def test_a_series_has_no_latency_where_nothing_was_acknowledged() -> None:
    intended = np.array([0, 1, 2, 3, 11, 25], np.int64) * MS
    acked = np.array([5, 3, 0, 4, 12, 0], np.int64) * MS
    points = over_time(intended, acked, 0, 10 * MS)
    assert [p.acks_arrived for p in points] == [3, 1, 0]
    assert [(p.at_s, p.sent, p.acked) for p in points] == [(0.0, 4, 3), (0.01, 1, 1), (0.02, 1, 0)]
    assert (points[0].p50_ms, points[0].max_ms) == (2, 5)
    assert (points[2].p50_ms, points[2].max_ms) == (None, None)


def test_the_sampler_measures_this_process_and_leaves_out_one_that_has_ended(
    tmp_path: Path,
) -> None:
    (tmp_path / "segment").write_bytes(b"x" * 100_000)

    def read() -> dict[str, Usage]:
        found = {"me": usage_of_process(os.getpid(), tmp_path), "gone": usage_of_process(2**22 - 1)}
        return {name: usage for name, usage in found.items() if usage}

    sampler = ResourceSampler(read)
    sampler.start()
    wait_until(lambda: sampler.samples("me"), lambda n: n >= 2, broker_logs.PATIENCE, "samples")
    usage = sampler.stop()
    assert usage["me"].memory_max_bytes > 10_000_000
    assert usage["me"].samples >= 2
    assert usage["me"].disk_bytes == disk_usage(tmp_path) >= 100_000
    assert "gone" not in usage
    assert sampler.trouble is None


def test_a_sampler_keeps_the_error_that_ended_it() -> None:
    def broken() -> dict[str, Usage]:
        raise RuntimeError("no list of processes")

    sampler = ResourceSampler(broken)
    sampler.start()
    sampler.stop()
    assert isinstance(sampler.trouble, RuntimeError)


def test_the_wait_for_the_registration_is_read_from_the_log() -> None:
    assert lease_wait_s(broker_logs.AFTER_CRASH) == 12.747
    assert lease_wait_s(broker_logs.CLEAN) is None
    refused_only = "\n".join(broker_logs.AFTER_CRASH.splitlines()[:2])
    assert lease_wait_s(refused_only) is None


def test_the_series_contains_acknowledgements_when_nothing_is_due() -> None:
    due, acked = np.array([0, 10 * MS, 20 * MS]), np.array([1 * MS, 95 * MS, 96 * MS])
    points = over_time(due, acked, 0, 10 * MS)
    assert [(p.at_s, p.sent, p.acks_arrived) for p in points] == [
        (0.0, 1, 1),
        (0.01, 1, 0),
        (0.02, 1, 0),
        (0.09, 0, 2),
    ]
    assert sum(p.acks_arrived for p in points) == 3


def test_the_series_contains_consumed_records_when_nothing_is_due() -> None:
    due, acked = np.array([0, 10 * MS]), np.array([1 * MS, 11 * MS])
    consumed = np.array([32 * MS, 2 * MS, 33 * MS])
    points = over_time(due, acked, 0, 10 * MS, consumed)
    assert [(p.at_s, p.sent, p.consumed) for p in points] == [(0, 1, 1), (0.01, 1, 0), (0.03, 0, 2)]
    assert over_time(due, acked, 0, 10 * MS)[0].consumed is None


def test_the_first_and_last_relevant_lines_of_a_log_are_kept() -> None:
    lines = relevant_lines(broker_logs.AFTER_CRASH)
    assert any("DUPLICATE_BROKER_REGISTRATION" in line for line in lines)
    assert len(lines) < len(broker_logs.AFTER_CRASH.splitlines())
    many = "\n".join(f"[2026-11-24] ERROR number {n}" for n in range(40))
    kept = relevant_lines(many)
    assert (kept[0][-8:], kept[6], kept[-1][-9:]) == ("number 0", "... 31 more", "number 39")


def test_a_repeated_line_appears_once_with_the_number_of_repetitions() -> None:
    repeated = "\n".join(f"[2026-11-24 12:00:0{n},123] ERROR the same" for n in range(4))
    kept = relevant_lines(f"{repeated}\n2026-11-24 12:00:09.1 UTC FATAL: other")
    assert kept == (
        "[2026-11-24 12:00:00,123] ERROR the same (and 3 times more)",
        "2026-11-24 12:00:09.1 UTC FATAL: other",
    )


def test_a_log_that_was_replaced_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    log.write_text("[1] ERROR before, and a long one\n")
    marks = log_marks({"broker": log})
    assert logged({"broker": log}, marks) == {}
    log.write_text("[2] ERROR after\n")
    assert logged({"broker": log}, marks) == {"broker": ("[2] ERROR after",)}


def test_folders_may_be_deleted_while_their_size_is_measured(tmp_path: Path) -> None:
    done = Event()

    def create_and_delete() -> None:
        while not done.is_set():
            for number in range(50):
                (tmp_path / str(number)).mkdir()
                (tmp_path / str(number) / "segment").write_bytes(b"x" * 5_000)
            for number in range(50):
                shutil.rmtree(tmp_path / str(number))

    thread = Thread(target=create_and_delete)
    thread.start()
    try:
        for _ in range(300):
            disk_usage(tmp_path)
    finally:
        done.set()
        thread.join()


def test_the_wait_for_the_registration_is_read_from_every_log_layout() -> None:
    bare = re.sub(r"\[(\S+ \S+)\]", r"\1", broker_logs.AFTER_CRASH)
    assert lease_wait_s(bare) == 12.747
    iso = re.sub(r"\[(\S+) (\S+),(\d{3})\]", r"[\1T\2.\3]", broker_logs.AFTER_CRASH)
    assert iso != broker_logs.AFTER_CRASH
    assert lease_wait_s(iso) == 12.747
