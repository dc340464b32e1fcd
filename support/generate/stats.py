"""librdkafka's statistics, once a second: how many records wait in the producer, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from support import clock
from support.record.client_stats import StatsSecond

EVERY_MS = "1000"
FILE = "producer-stats.jsonl"


class _Window(msgspec.Struct):
    """Percentiles of a second in microseconds, as librdkafka names them; 0 without samples."""

    p50: int = 0
    p95: int = 0
    p99: int = 0
    max: int = 0

    def percentiles(self) -> tuple[int, int, int]:
        return self.p50, self.p95, self.p99


class _Broker(msgspec.Struct):
    """A broker in librdkafka's statistics; `nodeid` is negative for a bootstrap address."""

    nodeid: int
    tx: int
    int_latency: _Window
    outbuf_latency: _Window
    rtt: _Window
    throttle: _Window


class _Statistics(msgspec.Struct):
    """The fields that are used of a report, see librdkafka's STATISTICS.md."""

    msg_cnt: int
    brokers: Mapping[str, _Broker]


class ProducerStats:
    """Appends a StatsSecond to FILE in `folder`, as a line of JSON, for each of the reports."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FILE).open("wb")

    def settings(self) -> dict[str, str | Callable[[str], None]]:
        """Settings to be added to the producer's configuration."""
        return {"statistics.interval.ms": EVERY_MS, "stats_cb": self._append}

    def _append(self, text: str) -> None:
        """Must not raise: it is called from C."""
        second = _second_of(msgspec.json.decode(text, type=_Statistics))
        self._file.write(msgspec.json.encode(second) + b"\n")
        self._file.flush()


def _second_of(statistics: _Statistics) -> StatsSecond:
    brokers = [broker for broker in statistics.brokers.values() if broker.nodeid >= 0]
    busiest = max(brokers, key=lambda broker: broker.tx, default=None)
    return StatsSecond(
        clock.now_ns(),
        statistics.msg_cnt,
        (busiest.int_latency if busiest else _Window()).percentiles(),
        (busiest.outbuf_latency if busiest else _Window()).percentiles(),
        (busiest.rtt if busiest else _Window()).percentiles(),
        max((broker.throttle.max for broker in brokers), default=0),
        len(brokers),
    )


def read_stats(folder: Path, since_ns: int) -> list[StatsSecond]:
    """Reads the seconds from `since_ns` on; an unfinished last line is left out."""
    path = folder / FILE
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    seconds = [msgspec.json.decode(line, type=StatsSecond) for line in lines]
    return [second for second in seconds if second.at_ns >= since_ns]
