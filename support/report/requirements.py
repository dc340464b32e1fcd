"""The requirements of the specification, by the identifiers that scenarios carry as tags."""

from __future__ import annotations

REQUIREMENTS = {
    "A-001": "Feature 002 runs: its connector, its replication slot and its topics",
    "US1.1": "1000 messages a second for 60 s, all accepted, mean below 100 ms, none lost",
    "US1.2": "the broker is ready less than 10 s after its start",
    "US1.3": "memory below 2 GB and CPU below 80 % during the snapshot of 895,000 rows",
    "US2.1": "a restart in the middle of 1000 messages loses none",
    "US2.2": "a consumer resumes from its committed offset after a broker restart",
    "US2.3": "no database change is lost when the broker restarts",
    "US3.1": "the performance report has throughput, latency percentiles and resource usage",
    "US3.2": "the failure report has loss, duplicates and recovery time of each failure",
    "US3.3": "the recommendations follow from the results",
    "EC-1": "a full disk: a clear error, producers see it and can retry",
    "EC-2": "large events, near the limit of 1 MB",
    "EC-3": "a consumer that lags: records are kept for 7 days, the lag is visible",
    "EC-4": "the controller is unavailable: recovery time, and what clients see",
    "FR-001": "a benchmark of 1000 messages a second for at least 60 s",
    "FR-002": "start-up time, from the start to ready",
    "FR-003": "throughput, latency percentiles, CPU, memory and disk",
    "FR-004": "zero loss through a broker restart in the middle of a stream",
    "FR-005": "zero loss and no gap through a consumer restart",
    "FR-006": "Debezium's load, snapshot and streaming without errors",
    "FR-007": "a performance report in markdown with metrics, graphs and recommendations",
    "FR-008": "a delivery report with loss, duplicate rate and recovery times",
    "FR-009": "events are envelopes with before, after, op and source",
    "FR-010": "consumer lag, measured and visible in Kafka UI",
    "FR-011": "tests that can be run again for a change of configuration or an upgrade",
    "FR-012": "tuning recommendations from the results",
    "SC-001": "1000 messages a second or more, p95 below 100 ms",
    "SC-002": "start-up below 10 s",
    "SC-003": "0 % loss through broker restarts",
    "SC-004": "0 % loss, and recovery below 5 s after a consumer restart",
    "SC-005": "the snapshot of 895,000 rows without errors, memory below 2 GB",
    "SC-006": "a performance report with all metrics and recommendations",
    "SC-007": "a delivery report with all failures",
    "SC-008": "automated, with make test-kafka-performance and make test-kafka-delivery",
    "BENCH-1": "throughput",
    "BENCH-2": "burst",
    "BENCH-3": "sustained load",
    "BENCH-4": "snapshot as fast as possible",
    "BENCH-5": "start-up, cold and warm",
    "DELIV-1": "broker restart in the middle of producing",
    "DELIV-2": "consumer restart in the middle of consuming",
    "DELIV-3": "network partition",
    "DELIV-4": "offset recovery of Debezium",
    "DELIV-5": "two consumer groups at once",
}
"""Identifier in the specification -> what it asks for."""

RERUN, AUTOMATED = "FR-011", "SC-008"
"""Requirements that no scenario is about: the run itself shows them (shown.py)."""

COUNTED = tuple(each for each in REQUIREMENTS if each not in (RERUN, AUTOMATED))
"""Requirements that scenarios show, in the order of the specification."""
