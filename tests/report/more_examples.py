"""Hand-written scenarios with the parts of a record that tests/results/examples.py lacks."""

from __future__ import annotations

import dataclasses

from support.checks.judged import deviates
from support.results.cdc import CdcFigures
from support.results.cross_check import (
    LatencyCrossCheck,
    ReadingCrossCheck,
    ToolLatency,
    ToolReading,
)
from support.results.differences import SettingDifference
from support.results.latency import Spread
from support.results.limit import Limit, Operator
from support.results.load import Backpressure, ClientSplit, Load, Stability
from support.results.recovery import Fault, Recovery
from support.results.resources import BrokerJmx
from support.results.schema import Check, ScenarioResult, Verdict
from support.results.sizes import SizeOutcome
from tests.results.examples import RESTART, SUMMARY, THROUGHPUT

BURST = dataclasses.replace(
    THROUGHPUT,
    name="5000 messages per second for 10 seconds",
    tags=("BENCH-2", "performance"),
    load=Load(
        None, 4_990.5, 67_000, 30.1, 368_500_000, 5_500, 1_000, 10_000, 3.8, 15.0, (), 1, 0.82
    ),
    client=ClientSplit(Spread(0.4, 1.2, 4.01), Spread(0.01, 0.02, 0.05), Spread(2.1, 5.5, 9.0), 30),
    backpressure=Backpressure(1_204, 0, 1, 0.004, 6.69, 0.25, 3.0),
    stability=Stability(0.42, -0.31, 1.15, 6.1, 6.4, 386_000_000, 368_500_000),
    jmx=BrokerJmx(
        30, {"local": Spread(0.9, 2.2, 4.4)}, 372_000_000, 1_000_000, 1.9, 12, 3.3, 2**29, 1, 14, 2
    ),
)

TOOLS = dataclasses.replace(
    THROUGHPUT,
    name="Kafka's own tools report the same figures",
    tags=("FR-003", "performance"),
    load=None,
    latency=None,
    series=(),
    resources={},
    latency_cross_check=LatencyCrossCheck(
        ToolLatency("ours, before", 60_000, 999.9, 2.5, 1.5, 6.25, 12.0, 30.0),
        ToolLatency("kafka-producer-perf-test", 60_000, 999.7, 2.6, 2.0, 6.0, 11.0, 41.0),
        ToolLatency("ours, after", 60_000, 999.9, 2.4, 1.4, 6.2, 12.1, 28.0),
    ),
    reading_cross_check=ReadingCrossCheck(
        ToolReading("ours, before", 100_000, 551_201_504, 85_397.0),
        ToolReading("kafka-consumer-perf-test", 100_000, 551_201_486, 206_761.0),
        ToolReading("ours, after", 100_000, 551_201_504, 85_102.0),
    ),
)

AFTER_CRASH = dataclasses.replace(
    TOOLS,
    name="Warm start after a crash",
    tags=("SC-002", "crash-start", "performance"),
    verdict=Verdict.DEVIATION,
    reason="start-up time after a crash: DEVIATION",
    latency_cross_check=None,
    reading_cross_check=None,
    startups=({"process started": 0.0, "first acknowledged": 15.24},),
    checks=(
        dataclasses.replace(
            deviates(
                "start-up time after a crash",
                15.24,
                "s",
                "below 10 s to the first acknowledged record",
                "The specification (SC-002) wants a broker to be ready in less than 10 s.",
                ("12.73 s of it waiting for the session from before the crash",),
            ),
            limit=Limit(Operator.BELOW, 10, "s"),
        ),
    ),
    promises=("start-up time after a crash",),
)

CHANGES = dataclasses.replace(
    RESTART,
    name="Broker crash during database changes",
    tags=("US2.3", "cdc-broker-crash", "delivery"),
    verdict=Verdict.PASS,
    reason="",
    checks=(Check("CDC changes missing", Verdict.PASS, 0, "changes", "0 without an event"),),
    promises=("CDC changes missing",),
    delivery=None,
    log_lines={},
    faults=(Fault("broker crash", 6.1, 6.14, 6.14, 21.68, ("process gone", "serves again"), 2),),
    recovery=Recovery(15.23, None, 15.68, 15.3),
    cdc=CdcFigures(
        1, 1_934, 2, 2_000, 0, 66, SUMMARY, SUMMARY, 0.1, 0.06, 5.5, 8_600_024, 10_077_144
    ),
)

SIZES = dataclasses.replace(
    CHANGES,
    name="Events near the limit of 1 MB",
    tags=("EC-2", "edge"),
    cdc=None,
    recovery=None,
    faults=(),
    series=(),
    checks=(Check("size limits", Verdict.FAIL, 1, "mismatches", "no event is lost"),),
    promises=("size limits",),
    verdict=Verdict.FAIL,
    reason="size limits: FAIL",
    sizes=(
        SizeOutcome("producer", 999_964, "stored", "message.max.bytes", True),
        SizeOutcome("producer", 999_965, "MSG_SIZE_TOO_LARGE", "message.max.bytes", False),
    ),
    client_errors={"producer": {"MSG_SIZE_TOO_LARGE": 1}},
    notes=("Remedy: raise max.message.bytes of the topics together with it.",),
)

THEIR_SETTINGS = dataclasses.replace(
    SIZES,
    feature="The configuration is at-least-once",
    name="No setting weakens at-least-once delivery",
    tags=("US2.1", "delivery"),
    sizes=(),
    differences=(
        SettingDifference(
            "topic retention.ms",
            "app.public.users, app.public.orders",
            "86400000",
            "604800000",
            "retention",
            "a consumer that stops for longer loses records",
        ),
        SettingDifference(
            "worker offset.flush.interval.ms",
            "worker of orders",
            "not known",
            "2000",
            "at-least-once",
            "how much is sent again after the crash of a worker",
        ),
    ),
)

SKIPPED = ScenarioResult(
    "A consumer that lags loses nothing",
    "The lag is visible in Kafka UI",
    ("EC-3", "FR-010", "edge"),
    Verdict.SKIPPED,
    "There is no Kafka UI.\n  next: -D kafka_ui=URL",
    0.0,
)

MORE = (BURST, TOOLS, AFTER_CRASH, CHANGES, SIZES, THEIR_SETTINGS, SKIPPED)
