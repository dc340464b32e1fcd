"""Time to validate one event, by its size."""

from __future__ import annotations

from support import clock
from support.bench.figures import Goal
from support.generate.payload import Payloads
from support.record.envelope import read_envelope

EVENTS = 200_000
SIZES = (1_000, 10_000)
"""Bytes; Debezium's event of a small row is smaller, of a large one larger."""
LIMIT_US = {1_000: 5.0, 10_000: 20.0}
"""5 us are 200,000 events a second. Time grows with the size: text is checked for UTF-8."""


def goals() -> list[Goal]:
    """Measures one thread on values in memory; reading them from Kafka is measured separately."""
    return [
        Goal(f"validating an envelope of {size:,} B", _us_per_event(size), "us", LIMIT_US[size])
        for size in SIZES
    ]


def _us_per_event(size: int) -> float:
    made = Payloads(1, size, size)
    values = [made.value(number) for number in range(512)]
    began = clock.now_ns()
    for number in range(EVENTS):
        read_envelope(values[number & 511])
    return (clock.now_ns() - began) / EVENTS / 1000
