"""The broker's own view of a load: request phases, traffic, idle handlers, flushes, heap, GC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

from support.clients.jolokia import JolokiaClient
from support.errors import StackError
from support.results.measurements import BrokerJmx, Spread

PERIOD_S, LAST_READING_S = 1.0, 10.0
PHASES = {
    "queue": "RequestQueueTimeMs",
    "local": "LocalTimeMs",
    "remote": "RemoteTimeMs",
    "response queue": "ResponseQueueTimeMs",
    "send": "ResponseSendTimeMs",
    "total": "TotalTimeMs",
}
REQUEST = "kafka.network:name={name},request=Produce,type=RequestMetrics"
TRAFFIC = "kafka.server:name={name},type=BrokerTopicMetrics"
IDLE = "kafka.server:name=RequestHandlerAvgIdlePercent,type=KafkaRequestHandlerPool"
FLUSH = "kafka.log:name=LogFlushRateAndTimeMs,type=LogFlushStats"
MEMORY = "java.lang:type=Memory"
ABOUT = "kafka.server:type=app-info,*"
"""Of the broker, and of the controller where that is in the same process."""

CONTROLLER = "kafka.controller:name=ActiveControllerCount,type=KafkaController"
CONFLUENT_AHEAD = 4
ONE_SCALE = (4, 2)
"""The version from which on the idle meter is 0 to 1 whatever shares it."""

GC = "java.lang:name=*,type=GarbageCollector"

BEANS = [
    *(REQUEST.format(name=name) for name in PHASES.values()),
    TRAFFIC.format(name="BytesInPerSec"),
    TRAFFIC.format(name="BytesOutPerSec"),
    IDLE,
    FLUSH,
    MEMORY,
    GC,
    ABOUT,
    CONTROLLER,
]
Reading = Mapping[str, Mapping[str, Any]]


class JmxSampler:
    """Reads once a second until stopped; `trouble` says whether it died."""

    def __init__(self, url: str) -> None:
        self._client = JolokiaClient(url)
        self._readings: list[Reading] = []
        self._done = Event()
        self._thread = Thread(target=self._run, name="jmx-sampler", daemon=True)
        self.trouble: StackError | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> BrokerJmx | None:
        """End it; None without two readings."""
        self._done.set()
        self._thread.join(LAST_READING_S)
        if self._thread.is_alive():
            self.trouble = StackError("The last reading of JMX did not end.")
        return describe(self._readings)

    def _run(self) -> None:
        try:
            while not self._done.is_set():
                self._readings.append(self._client.read(BEANS))
                self._done.wait(PERIOD_S)
            # Once more at the end: counters are differences from the first to the last reading.
            self._readings.append(self._client.read(BEANS))
        except StackError as error:
            self.trouble = error


def describe(readings: list[Reading]) -> BrokerJmx | None:
    """From the first to the last reading; None when there are fewer than two.

    Kafka's percentiles are over the last five minutes, weighted towards now: those of the last
    reading are reported. Counters are differences.
    """
    if len(readings) < 2:
        return None
    first, last = readings[0], readings[-1]

    def grown(bean: str, attribute: str) -> int:
        return int(last.get(bean, {}).get(attribute, 0) - first.get(bean, {}).get(attribute, 0))

    collectors = [name for name in last if "type=GarbageCollector" in name]
    idle = [r[IDLE]["OneMinuteRate"] for r in readings if IDLE in r]
    return BrokerJmx(
        readings=len(readings),
        produce_phases_ms={
            phase: _spread(last[REQUEST.format(name=name)])
            for phase, name in PHASES.items()
            if REQUEST.format(name=name) in last
        },
        bytes_in=grown(TRAFFIC.format(name="BytesInPerSec"), "Count"),
        bytes_out=grown(TRAFFIC.format(name="BytesOutPerSec"), "Count"),
        handler_idle_min=min(idle) if idle else None,
        log_flushes=grown(FLUSH, "Count"),
        log_flush_p99_ms=last[FLUSH]["99thPercentile"] if FLUSH in last else None,
        heap_max_bytes=max((r[MEMORY]["HeapMemoryUsage"]["used"] for r in readings), default=0),
        gc_pauses=sum(grown(name, "CollectionCount") for name in collectors),
        gc_ms=sum(grown(name, "CollectionTime") for name in collectors),
        handler_idle_full=_idle_full(last),
    )


def _idle_full(reading: Reading) -> float | None:
    """What the idle meter shows when nothing is to do. Before Kafka 4.2 a broker that is its own
    controller counts both pools of handlers on one meter."""
    about = [bean for name, bean in reading.items() if "type=app-info" in name]
    told = [bean.get("version") or bean.get("Version") for bean in about]
    known = [version for each in told if (version := _kafka_version(str(each)))]
    if not known:
        return None
    return 2.0 if CONTROLLER in reading and min(known) < ONE_SCALE else 1.0


def _kafka_version(text: str) -> tuple[int, int] | None:
    """Confluent numbers its own: 7.6.0-ccs is Kafka 3.6, 8.2.0-ccs is 4.2."""
    found = re.match(r"(\d+)\.(\d+)[\d.]*(-c(?:cs|e)\b)?", text)
    if found is None:
        return None
    return int(found[1]) - (CONFLUENT_AHEAD if found[3] else 0), int(found[2])


def _spread(bean: Mapping[str, Any]) -> Spread:
    return Spread(bean["50thPercentile"], bean["95thPercentile"], bean["99thPercentile"])
