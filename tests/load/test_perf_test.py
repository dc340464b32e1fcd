"""Kafka's tool: what it is told, and what its output says."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.checks.agreement import agreement
from support.errors import Inconclusive
from support.load.payload import POOL
from support.load.perf_test import parse_producer, producer_arguments, write_payload_file
from support.results.measurements import Opinion, SecondOpinion
from support.results.schema import Verdict

OUTPUT = """\
5002 records sent, 1000.2 records/sec (5.30 MB/sec), 3.9 ms avg latency, 300.0 ms max latency.
20000 records sent, 999.900010 records/sec (5.29 MB/sec), 3.44 ms avg latency, 310.00 ms max \
latency, 3 ms 50th, 6 ms 95th, 12 ms 99th, 45 ms 99.9th.
"""


def test_the_last_summary_counts() -> None:
    seen = parse_producer(OUTPUT)
    assert (seen.records, seen.mean_ms, seen.p50_ms) == (20_000, 3.44, 3)
    assert (seen.p95_ms, seen.p99_ms, seen.max_ms) == (6, 12, 310)


@pytest.mark.parametrize("output", ["", "Exception in thread main"])
def test_an_output_without_a_summary_is_no_result(output: str) -> None:
    with pytest.raises(Inconclusive, match="did not finish"):
        parse_producer(output)


def test_the_payload_file_has_one_payload_a_line(tmp_path: Path) -> None:
    lines = write_payload_file(1, tmp_path / "x" / "payloads").read_bytes().splitlines()
    assert len(lines) == POOL
    assert all(line.startswith(b"{") and line.endswith(b"}") for line in lines)


def test_both_tools_get_the_same_settings() -> None:
    producer = {"acks": "all", "linger.ms": "5", "queue.buffering.max.kbytes": "9"}
    arguments = producer_arguments("h:1", "t", 1000, 5, Path("p"), producer)
    assert {"acks=all", "linger.ms=5", "bootstrap.servers=h:1", "batch.size=1000000"} <= set(
        arguments
    )
    assert not any("queue" in argument for argument in arguments)


def opinion(mean: float, p95: float | None) -> Opinion:
    return Opinion("x", 100, 1000.0, mean, mean, p95, None, 50.0)


@pytest.mark.parametrize(
    ("theirs", "verdict"),
    [
        (opinion(4.0, 6.0), Verdict.PASS),
        (opinion(9.9, 6.0), Verdict.PASS),
        (opinion(11.0, 6.0), Verdict.INCONCLUSIVE),
        (opinion(4.0, 60.0), Verdict.INCONCLUSIVE),
        (opinion(4.0, None), Verdict.INCONCLUSIVE),
    ],
)
def test_agreement(theirs: Opinion, verdict: Verdict) -> None:
    seen = SecondOpinion(opinion(4.0, 7.0), theirs, opinion(3.0, 6.0))
    assert agreement(seen).verdict is verdict
