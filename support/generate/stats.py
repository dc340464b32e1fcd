"""What librdkafka itself says once a second: where records wait, and how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from support import clock

EVERY_MS = "1000"
NOTHING = {"p50": 0, "p95": 0, "p99": 0}
FILE = "producer-stats.jsonl"


@dataclass(frozen=True)
class StatsSecond:
    """One second. Percentiles in microseconds, as librdkafka states them; 0 without samples.

    `queue_us`: produce() to transmission; `outbuf_us`: in the socket's queue; `rtt_us`: request
    to response; each (p50, p95, p99). `throttle_ms`: highest that the broker asked for.
    """

    at_ns: int
    queued: int
    queue_us: tuple[int, int, int]
    outbuf_us: tuple[int, int, int]
    rtt_us: tuple[int, int, int]
    throttle_ms: int
    brokers: int = 1
    """That the client knows of; 0: it has lost them all, and with them every way to send."""


class ProducerStats:
    """Appends a StatsSecond for every report of librdkafka, as JSON lines."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FILE).open("wb")

    def settings(self) -> dict[str, Any]:
        """To be added to the producer's configuration."""
        return {"statistics.interval.ms": EVERY_MS, "stats_cb": self._take}

    def _take(self, text: str) -> None:
        """Must not raise: it is called from C."""
        report = msgspec.json.decode(text)
        brokers = [b for b in report["brokers"].values() if b["nodeid"] >= 0]
        busiest = max(brokers, key=lambda b: b["tx"], default=None)
        second = StatsSecond(
            clock.now_ns(),
            report["msg_cnt"],
            _window(busiest["int_latency"] if busiest else NOTHING),
            _window(busiest["outbuf_latency"] if busiest else NOTHING),
            _window(busiest["rtt"] if busiest else NOTHING),
            max((b["throttle"]["max"] for b in brokers), default=0),
            len(brokers),
        )
        self._file.write(msgspec.json.encode(second) + b"\n")
        self._file.flush()


def read_stats(folder: Path, since_ns: int) -> list[StatsSecond]:
    """The seconds after a moment; an unfinished last line is left out."""
    path = folder / FILE
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    seconds = [msgspec.json.decode(line, type=StatsSecond) for line in lines]
    return [second for second in seconds if second.at_ns >= since_ns]


def _window(window: Mapping[str, int]) -> tuple[int, int, int]:
    return window["p50"], window["p95"], window["p99"]
