"""The tags of scenarios that reports and `make tune` look for; features/ sets them."""

from __future__ import annotations

PERFORMANCE, DELIVERY, EDGE = "performance", "delivery", "edge"
"""Which document a scenario belongs to."""
UPGRADE = "upgrade"
"""Steps of an upgrade, which upgrade.md is about."""
REPORTING = "reporting"
"""Scenarios about the documents themselves."""

THROUGHPUT, REPLAY = "BENCH-1", "BENCH-4"
SNAPSHOT_MEMORY, CONSUMER_RECOVERY, BROKER_RESTART = "SC-005", "SC-004", "DELIV-1"
COLD_START, WARM_START, CRASH_START = "cold-start", "warm-start", "crash-start"
SHORT_SESSION = "short-session"
DEFAULT_HEARTBEAT, CDC_BROKER_CRASH = "default-heartbeat", "cdc-broker-crash"
DYNAMIC_MEMBER, STATIC_MEMBER = "dynamic-member", "static-member"
CALM_CHANGES, CDC_WORKER_CRASH = "calm-changes", "cdc-worker-crash"

EDGE_CASE = "EC-"
"""How the identifier of an edge case begins."""
