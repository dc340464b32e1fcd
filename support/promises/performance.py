"""Checks of speed and resources, and of the tools that measure them."""

from __future__ import annotations

from support.checks.resources import CPU_LIMIT, MEMORY_LIMIT
from support.promises import of_load
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.words import Words
from support.record.archive import HISTORY
from support.record.client_stats import CLIENT_STATS
from support.record.load import LOAD
from support.record.resources import JMX, RESOURCES

TOPIC = "performance"
SKIPPED_WITHOUT = "; SKIPPED where its process, its container or its metrics are not known"
MEMORY_SAMPLES = f"samples of the broker's memory during the load{SKIPPED_WITHOUT}"
TOO_FEW = "there are too few records for the figure"

LATENCY = Words(
    "<figure> latency",
    TOPIC,
    "From the intended send time of a record to its acknowledgement: mean, p50, p95 or p99.",
    "the intended and actual send time of every record, and the time of its acknowledgement",
    fails="the figure exceeds its limit, and the load generator kept its schedule",
    inconclusive=f"{TOO_FEW}, or it exceeds the limit and the generator was late itself",
)
MEAN_LATENCY = LimitedCheck(
    LATENCY,
    "ms",
    lambda record, limit: of_load.latency(record, "mean", limit),
    (HISTORY, LOAD),
    "mean latency",
)
P95_LATENCY = LimitedCheck(
    LATENCY,
    "ms",
    lambda record, limit: of_load.latency(record, "p95", limit),
    (HISTORY, LOAD),
    "p95 latency",
)
ACHIEVED_RATE = LimitedCheck(
    Words(
        "achieved rate",
        TOPIC,
        "The load generator sent at the rate that the scenario states.",
        "the send time of every record",
        fails="the rate was missed because the client's queue was full: the broker did not keep up",
        inconclusive="fewer than two records were sent, or the generator was too slow itself",
    ),
    "%",
    of_load.rate,
    (HISTORY, LOAD),
)
SCHEDULE_DELAY = CheckDefinition(
    Words(
        "schedule delay",
        TOPIC,
        "From the intended to the actual send time: p99 at most a tenth of the latency limit.",
        "the intended and actual send time of every record",
        fails="records were late because the client's queue was full: the broker did not keep up",
        inconclusive=f"{TOO_FEW}, or the generator was late itself",
    ),
    of_load.generator_delay,
    (HISTORY, LOAD),
    limit=of_load.SCHEDULE_DELAY_LIMIT,
)
COMPLETION_TIME = CheckDefinition(
    Words(
        "completion time",
        TOPIC,
        "How long a load takes that is sent as fast as possible, or a snapshot.",
        "the start of the load and its last acknowledgement, or the events of the snapshot",
        fails="",
        inconclusive="not every record was acknowledged",
        measures="always: it has no limit",
    ),
    # The record has a section of a load or one of a snapshot, so neither can be required.
    of_load.completion,
)
BACKPRESSURE_MEASURED = CheckDefinition(
    Words(
        "backpressure measured",
        TOPIC,
        "What a burst did to the client: queue depth, throttling, full queues, time to drain.",
        "librdkafka's statistics of every second",
        fails="",
        inconclusive="part of the burst was not acknowledged, or there were no statistics",
        measures="always: the largest number of queued records",
    ),
    of_load.burst,
    (HISTORY, LOAD, CLIENT_STATS),
)
STEADY_AGAIN = LimitedCheck(
    Words(
        "steady again",
        TOPIC,
        "After a burst, p95 falls to at most twice its earlier value, and stays there.",
        "the latencies before, during and after the burst",
        fails="it does not fall within the limit",
        inconclusive="the load before the burst was not measured, or latency was steady within the "
        "limit and disturbed again later",
    ),
    "s",
    of_load.steady,
    (HISTORY, LOAD),
)
MEMORY_STABILITY = CheckDefinition(
    Words(
        "memory stability",
        TOPIC,
        "Under a long load, the broker's memory grows by less than a tenth of its limit.",
        MEMORY_SAMPLES,
        fails="the slope's 95 % confidence interval is above the limit",
        inconclusive="the limit lies inside the interval, or there are too few samples for a slope",
    ),
    of_load.memory,
    (HISTORY, LOAD, RESOURCES),
)
LATENCY_DRIFT = CheckDefinition(
    Words(
        "latency drift",
        TOPIC,
        "p95 of a long load's last minute is at most twice that of the first, or at most 5 ms.",
        "the intended send time of every record, and the time of its acknowledgement",
        fails="it is above both",
        inconclusive=TOO_FEW,
    ),
    of_load.drift,
    (HISTORY, LOAD, RESOURCES),
)
BROKER_MEMORY = CheckDefinition(
    Words(
        "broker memory",
        TOPIC,
        "The broker's memory stays below 2 GB at any time (US1.3).",
        MEMORY_SAMPLES,
        fails="the highest sample is not below 2 GB",
        inconclusive="the broker was not sampled",
    ),
    lambda record: of_load.broker_limits(record)[0],
    (RESOURCES,),
    limit=MEMORY_LIMIT,
)
BROKER_CPU = CheckDefinition(
    Words(
        "broker CPU",
        TOPIC,
        "The broker uses less than 80 % of the cores that it may use (95th percentile, US1.3).",
        f"samples of the broker's CPU time during the load{SKIPPED_WITHOUT}",
        fails="the 95th percentile is not below 80 %",
        inconclusive="the broker was not sampled, or it is not known how many cores it may use",
    ),
    lambda record: of_load.broker_limits(record)[1],
    (RESOURCES,),
    limit=CPU_LIMIT,
)
RESOURCES_MEASURED = CheckDefinition(
    Words(
        "resources measured",
        TOPIC,
        "CPU, memory and disk of the broker were sampled during the load (FR-003).",
        f"a broker that can be sampled{SKIPPED_WITHOUT}",
        fails="",
        inconclusive="the sampler failed, took too few samples, or has no figure for CPU or disk",
        measures="always: the samples are counted",
    ),
    of_load.sampled,
    (RESOURCES,),
)
JMX_MEASURED = CheckDefinition(
    Words(
        "JMX measured",
        TOPIC,
        "The broker's own meters were read once a second.",
        "a broker with Jolokia's agent",
        fails="",
        inconclusive="there were too few readings, or the agent did not answer",
        measures="always: the readings are counted",
    ),
    of_load.jmx_read,
    (JMX,),
)

ALL = (
    MEAN_LATENCY,
    P95_LATENCY,
    ACHIEVED_RATE,
    SCHEDULE_DELAY,
    COMPLETION_TIME,
    BACKPRESSURE_MEASURED,
    STEADY_AGAIN,
    MEMORY_STABILITY,
    LATENCY_DRIFT,
    BROKER_MEMORY,
    BROKER_CPU,
    RESOURCES_MEASURED,
    JMX_MEASURED,
)
