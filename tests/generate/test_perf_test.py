"""The arguments and the output of Kafka's performance tools, and the checks of agreement."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.checks.agreement import agreement, agreement_on_reading
from support.clients.kafka_address import KafkaAddress
from support.errors import Inconclusive
from support.generate.payload import POOL, Payloads
from support.generate.perf_test import (
    parse_consumer,
    parse_producer,
    producer_arguments,
    write_payload_file,
)
from support.results.cross_check import (
    LatencyCrossCheck,
    ReadingCrossCheck,
    ToolLatency,
    ToolReading,
)
from support.results.schema import Verdict

OUTPUT = """\
5002 records sent, 1000.2 records/sec (5.30 MB/sec), 3.9 ms avg latency, 300.0 ms max latency.
20000 records sent, 999.900010 records/sec (5.29 MB/sec), 3.44 ms avg latency, 310.00 ms max \
latency, 3 ms 50th, 6 ms 95th, 12 ms 99th, 45 ms 99.9th.
"""


def test_the_last_line_of_the_producer_tool_is_its_result() -> None:
    seen = parse_producer(OUTPUT)
    assert (seen.records, seen.mean_ms, seen.p50_ms) == (20_000, 3.44, 3)
    assert (seen.p95_ms, seen.p99_ms, seen.max_ms) == (6, 12, 310)


@pytest.mark.parametrize("output", ["", "Exception in thread main"])
def test_an_output_without_a_summary_is_inconclusive(output: str) -> None:
    with pytest.raises(Inconclusive, match="did not finish"):
        parse_producer(output)


def test_the_payload_file_has_one_payload_a_line(tmp_path: Path) -> None:
    lines = write_payload_file(Payloads(1), tmp_path / "x" / "payloads").read_bytes().splitlines()
    assert len(lines) == POOL
    assert all(line.startswith(b"{") and line.endswith(b"}") for line in lines)


def test_the_java_producer_gets_the_settings_that_it_knows() -> None:
    producer = {"acks": "all", "linger.ms": "5", "queue.buffering.max.kbytes": "9"}
    arguments = producer_arguments(KafkaAddress("h:1"), "t", 1000, 5, Path("p"), producer)
    assert {"acks=all", "linger.ms=5", "bootstrap.servers=h:1", "batch.size=1000000"} <= set(
        arguments
    )
    assert not any("queue" in argument for argument in arguments)


def opinion(mean: float, p95: float | None) -> ToolLatency:
    return ToolLatency("x", 100, 1000.0, mean, mean, p95, None, 50.0)


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
def test_agreement(theirs: ToolLatency, verdict: Verdict) -> None:
    seen = LatencyCrossCheck(opinion(4.0, 7.0), theirs, opinion(3.0, 6.0))
    assert agreement(seen, 100, 1000).verdict is verdict


READ = """\
start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, \
rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec
2026-01-01 00:00:00:000, 2026-01-01 00:00:04:000, 2.0000, 0.5, 1000, 250.0, 3000, 1000, 2.0, 1000.0
"""


def test_the_rate_of_the_consumer_tool_excludes_the_rebalance() -> None:
    seen = parse_consumer(READ)
    assert (seen.records, seen.mib, seen.records_per_s) == (1000, 2.0, 1000.0)
    with pytest.raises(Inconclusive, match="did not finish"):
        parse_consumer(READ.splitlines()[0])


MIB2 = 2 * 2**20


@pytest.mark.parametrize(
    ("theirs", "verdict"),
    [
        (ToolReading("t", 1000, MIB2 + 50, 700.0), Verdict.PASS),
        (ToolReading("t", 999, MIB2, 700.0), Verdict.INCONCLUSIVE),
        (ToolReading("t", 1000, MIB2 + 5000, 700.0), Verdict.INCONCLUSIVE),
        (ToolReading("t", 1000, MIB2, 200.0), Verdict.INCONCLUSIVE),
    ],
)
def test_agreement_on_reading(theirs: ToolReading, verdict: Verdict) -> None:
    first, again = (ToolReading("ours", 1000, MIB2, rate) for rate in (1000.0, 1200.0))
    assert agreement_on_reading(ReadingCrossCheck(first, theirs, again), 1000).verdict is verdict


GERMAN_READ = READ.replace("2.0000, 0.5", "2,0000, 0,5000").replace(
    "250.0, 3000, 1000, 2.0, 1000.0", "250,0000, 3000, 1000, 2,0000, 1000,2500"
)
GERMAN_WROTE = OUTPUT.replace("999.900010", "999,900010").replace("3.44", "3,44")


@pytest.mark.parametrize("text", [GERMAN_READ, GERMAN_READ.replace("2,0000", "٢٫٠٠٠٠")])
def test_a_table_with_decimal_commas_is_read(text: str) -> None:
    seen = parse_consumer(text)
    assert (seen.records, seen.mib, seen.records_per_s) == (1000, 2.0, 1000.25)


def test_a_summary_with_decimal_commas_is_read() -> None:
    seen = parse_producer(GERMAN_WROTE)
    assert (seen.records, seen.records_per_s, seen.mean_ms) == (20_000, 999.90001, 3.44)
