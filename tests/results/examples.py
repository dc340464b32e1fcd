"""A small run, written by hand."""

from __future__ import annotations

import dataclasses

import numpy as np

from support.metrics.summary import encode_histogram
from support.results.cdc import SnapshotFigures
from support.results.consumer_lag import LagFigures
from support.results.delivery import Delivery
from support.results.latency import Latency, LatencySummary, SeriesPoint
from support.results.limit import Limit, Operator
from support.results.load import Load
from support.results.recovery import Fault, Recovery
from support.results.resources import ComponentUsage
from support.results.schema import (
    SCHEMA_VERSION,
    Check,
    Git,
    Host,
    Provenance,
    RunResult,
    ScenarioResult,
    Verdict,
)

WAITS = np.concatenate([np.full(1900, 2_000_000), np.full(100, 9_000_000)])
SUMMARY = LatencySummary(2_000, 2.5, 1.5, 6.25, 12.0, None, 30.0, encode_histogram(WAITS))
SERIES = tuple(
    SeriesPoint(
        n / 2,
        500,
        498 if n == 5 else 500,
        0 if n in (5, 6) else 500,
        None if n in (5, 6) else 2.0 + n,
        9.0,
        30.0,
        0 if n == 5 else 500,
    )
    for n in range(10)
)
BROKER = ComponentUsage(
    3,
    700 * 2**20,
    710 * 2**20,
    0.9,
    0.5,
    5 * 2**20,
    2**20,
    (600 * 2**20, 700 * 2**20, 710 * 2**20),
    (0.1, 1.1, 2.1),
    (None, 0.5, 0.9),
    (4 * 2**20, 4 * 2**20, 5 * 2**20),
    2.0,
)


def below(name: str, figure: float, limit: float, unit: str, objective: str) -> Check:
    """A check that passed, with its limit as a number."""
    kept = Limit(Operator.BELOW, limit, unit)
    return Check(name, Verdict.PASS, figure, unit, objective, limit=kept)


THROUGHPUT = ScenarioResult(
    feature="The broker handles CDC workloads",
    name="1,000 messages per second for 60 seconds keep mean and p95 latency below 100 ms",
    tags=("US1.1", "performance"),
    verdict=Verdict.PASS,
    reason="",
    duration_s=90.0,
    checks=(
        Check("accepted", Verdict.PASS, 60_000, "records", "all 60000 acknowledged"),
        below("p95 latency", 6.25, 100, "ms", "below 100 ms from the intended time"),
        below("broker CPU", 45.0, 80, "%", "below 80% of 2 cores (95th percentile)"),
        below("broker memory", 745, 2_000, "MB", "below 2 GB at any time"),
    ),
    promises=("accepted", "p95 latency"),
    load=Load(
        1000, 999.97, 60_000, 60.0, 330_000_000, 5_500, 1_000, 10_000, 3.8, 15.0, (80.0, 9.0), 0
    ),
    latency=Latency(SUMMARY, SUMMARY, SUMMARY),
    resources={"broker": BROKER},
    series=SERIES,
)

RESTART = ScenarioResult(
    feature="No message is lost when the broker restarts",
    name="Broker crash during production of 1,000 messages loses nothing",
    tags=("US2.1", "delivery"),
    verdict=Verdict.FAIL,
    reason="lost: FAIL\n  measured: 2 records",
    duration_s=44.0,
    checks=(Check("lost", Verdict.FAIL, 2, "records", "0 absent", ("lost ids: 4, 5",)),),
    promises=("lost",),
    log_lines={"broker": ("[2026-11-24 12:00:02,000] ERROR all log dirs have failed",)},
    recovery=Recovery(15.5, 15.6, 15.7),
    faults=(Fault("broker crash", 2.0, 2.1, 2.2, 3.4, ("process gone",)),),
    delivery=Delivery(1000, 1000, 0, 0, 998, 2, 3, 4, 0, 0, 0, None),
    series=SERIES,
)

SNAPSHOT = dataclasses.replace(
    THROUGHPUT,
    name="Debezium's snapshot of 895,000 rows keeps memory below 2 GB and CPU below 80 percent",
    load=None,
    latency=None,
    series=(),
    snapshot=SnapshotFigures({"users": 50_000, "videos": 45_000}, 10.0, 9_500.0),
    resources={"broker": BROKER, "connect": dataclasses.replace(BROKER, disk_series=())},
)

STARTS = dataclasses.replace(
    SNAPSHOT,
    name="Cold start of a fresh broker takes less than 10 seconds",
    snapshot=None,
    resources={},
    startups=({"first acknowledged": 3.5}, {"first acknowledged": 3.9}),
    checks=(below("start-up time", 3.9, 10, "s", "below 10 s to the first record"),),
)

BEHIND = dataclasses.replace(
    STARTS,
    name="far behind",
    startups=(),
    checks=(),
    tags=("EC-3", "edge"),
    lag=LagFigures(110_000, 9.5, (0.0, 0.5), {"0": (None, 60_000), "1": (5, 50_000)}),
)

RUN = RunResult(
    schema_version=SCHEMA_VERSION,
    run_id="20261124-120000-1",
    target="embedded",
    scale=1.0,
    started="2026-11-24T12:00:00+00:00",
    ended="2026-11-24T12:05:00+00:00",
    seed=1,
    provenance=Provenance(
        Git("abc", False),
        {"kafka": "3.6.1", "debezium": "2.5.4.Final"},
        Host("Linux", 2, 24 * 2**30, "3.11.7"),
        {},
        {"broker": {"num.partitions": "3"}},
    ),
    verdict=Verdict.FAIL,
    scenarios=(THROUGHPUT, RESTART),
)

SCALED = dataclasses.replace(
    RUN,
    scale=0.1,
    provenance=dataclasses.replace(RUN.provenance, settings={"producer.acks": "0"}),
)
