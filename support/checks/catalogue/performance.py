"""Checks of speed, of the resources that it takes, and of the instruments themselves."""

from __future__ import annotations

from support.checks.catalogue.entry import CheckEntry

TOPIC = "performance"
TOO_FEW = "there are too few records to state it"

ENTRIES = (
    CheckEntry(
        "<figure> latency",
        TOPIC,
        "From the time at which a record was due to its acknowledgement: mean, p50, p95 or p99.",
        "intended, sent and acknowledged time of every record",
        fails="the figure is not below its limit, and the generator was punctual",
        inconclusive=f"{TOO_FEW}, or it is above the limit and the generator was late itself",
    ),
    CheckEntry(
        "achieved rate",
        TOPIC,
        "The generator sent at the rate that the scenario asks for.",
        "the time at which every record was sent",
        fails="the rate was missed because the client's queue was full: the broker did not keep up",
        inconclusive="fewer than two records were sent, or the generator was too slow itself",
    ),
    CheckEntry(
        "lateness of the generator",
        TOPIC,
        "Records were sent when they were due (p99 at most a tenth of the latency's limit).",
        "intended and sent time of every record",
        fails="they were late because the client's queue was full: the broker did not keep up",
        inconclusive=f"{TOO_FEW}, or the generator was late itself",
    ),
    CheckEntry(
        "completion time",
        TOPIC,
        "How long a load as fast as possible takes, or a snapshot.",
        "start of the load and its last acknowledgement; the events of the snapshot",
        fails="",
        inconclusive="not every record was acknowledged",
        measures="always: it has no limit",
    ),
    CheckEntry(
        "backpressure measured",
        TOPIC,
        "What a burst did to the client: queue depth, throttling, full queues, time to drain.",
        "librdkafka's statistics of every second",
        fails="",
        inconclusive="the burst was not acknowledged whole, or there were no statistics",
        measures="always: the deepest queue",
    ),
    CheckEntry(
        "steady again",
        TOPIC,
        "After a burst p95 comes back to at most twice what it was before, and stays there.",
        "latencies before, in and after the burst",
        fails="it does not come back within the limit",
        inconclusive="the load before the burst was not measured, or latency was steady in time "
        "and disturbed again later",
    ),
    CheckEntry(
        "memory stability",
        TOPIC,
        "A long load does not make the broker's memory grow by a tenth of its limit.",
        "samples of the broker's memory during the load",
        fails="all of the slope's 95 % interval is above that",
        inconclusive="the limit lies inside the interval, or there are too few samples for a slope",
    ),
    CheckEntry(
        "latency drift",
        TOPIC,
        "p95 of the last minute of a long load is at most twice that of the first, or below 5 ms.",
        "intended and acknowledged time of every record",
        fails="it is above both",
        inconclusive=TOO_FEW,
    ),
    CheckEntry(
        "broker memory",
        TOPIC,
        "The broker's memory stays below 2 GB at any time (US1.3).",
        "samples of the broker's memory during the load",
        fails="the highest sample is not below it",
        inconclusive="the broker was not sampled",
    ),
    CheckEntry(
        "broker CPU",
        TOPIC,
        "The broker uses less than 80 % of the cores that it may use (95th percentile, US1.3).",
        "samples of the broker's CPU time during the load",
        fails="the 95th percentile is not below it",
        inconclusive="the broker was not sampled, or it is not known how many cores it may use",
    ),
    CheckEntry(
        "resources measured",
        TOPIC,
        "CPU, memory and disk of the broker were really sampled while the load ran (FR-003).",
        "a stack whose processes or containers can be sampled",
        fails="",
        inconclusive="the sampler died, took too few samples, or has no figure for CPU or disk",
        measures="always: the samples are counted",
    ),
    CheckEntry(
        "JMX measured",
        TOPIC,
        "The broker's own figures were read once a second.",
        "a broker with Jolokia's agent",
        fails="",
        inconclusive="too few readings, or an agent that does not answer",
        measures="always: the readings are counted",
    ),
    CheckEntry(
        "second opinion",
        TOPIC,
        "kafka-producer-perf-test, between two runs of ours, measures the same latency.",
        "Kafka's own tools on the machine of the suite",
        fails="",
        inconclusive="they disagree (one of the two instruments is wrong), a run was too slow, or "
        "has too few records",
    ),
    CheckEntry(
        "second opinion on reading",
        TOPIC,
        "kafka-consumer-perf-test, between two readings of ours, counts the same records.",
        "Kafka's own tools on the machine of the suite",
        fails="",
        inconclusive="records, bytes or rates disagree: one of the two instruments is wrong",
    ),
    CheckEntry(
        "start-up time",
        TOPIC,
        "From the start of the broker's process to the first acknowledged record (SC-002).",
        "a broker of its own, or one that may be stopped",
        fails="the slowest start is not below 10 s, or the broker does not become ready",
        inconclusive="it was not ready, and was waited for less than the limit",
    ),
    CheckEntry(
        "start-up time after a crash",
        TOPIC,
        "The same after SIGKILL.",
        "a broker of its own, or one that may be stopped, and its log",
        fails="the slowest start is not below 10 s for another reason, or it is never ready",
        inconclusive="it was not ready, and was waited for less than the limit",
        deviates="it is above 10 s only because the broker waits for the session of its former "
        "self, by the broker's own log",
    ),
    CheckEntry(
        "start-up spread",
        TOPIC,
        "How far apart the fastest and the slowest of several starts are.",
        "at least three starts from the same state",
        fails="",
        inconclusive="there were fewer than three starts, or one of them never got ready",
        measures="always: it has no limit",
    ),
)
