"""Samples a broker's JMX metrics: request phases, traffic, idle handlers, flushes, heap and GC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

from support.clients.jolokia import JolokiaClient
from support.errors import StackError
from support.results.latency import Spread
from support.results.resources import BrokerJmx

PERIOD_S = 1.0
LAST_READING_S = 10.0
"""Seconds within which the last reading must end."""

PHASES = {
    "queue": "RequestQueueTimeMs",
    "local": "LocalTimeMs",
    "remote": "RemoteTimeMs",
    "response queue": "ResponseQueueTimeMs",
    "send": "ResponseSendTimeMs",
    "total": "TotalTimeMs",
}
"""Phase of a produce request -> the MBean of its time."""

REQUEST = "kafka.network:name={name},request=Produce,type=RequestMetrics"
TRAFFIC = "kafka.server:name={name},type=BrokerTopicMetrics"
IDLE = "kafka.server:name=RequestHandlerAvgIdlePercent,type=KafkaRequestHandlerPool"
FLUSH = "kafka.log:name=LogFlushRateAndTimeMs,type=LogFlushStats"
MEMORY = "java.lang:type=Memory"
APP_INFO = "kafka.server:type=app-info,*"
"""Version of the broker, and of the controller if it runs in the same process."""

CONTROLLER = "kafka.controller:name=ActiveControllerCount,type=KafkaController"
CONFLUENT_AHEAD = 4
"""By how much Confluent's major versions are greater than Kafka's."""
ONE_SCALE = (4, 2)
"""Kafka's version from which the idle meter is between 0 and 1 in every process."""

GC = "java.lang:name=*,type=GarbageCollector"

BEANS = [
    *(REQUEST.format(name=name) for name in PHASES.values()),
    TRAFFIC.format(name="BytesInPerSec"),
    TRAFFIC.format(name="BytesOutPerSec"),
    IDLE,
    FLUSH,
    MEMORY,
    GC,
    APP_INFO,
    CONTROLLER,
]
Reading = Mapping[str, Mapping[str, Any]]
"""MBean -> attribute -> value, which may have any JSON type."""


class JmxSampler:
    """Reads a broker's JMX metrics over Jolokia at `url`, once a second until stop().

    `trouble` is the error that ended the sampling early.
    """

    def __init__(self, url: str) -> None:
        self._client = JolokiaClient(url)
        self._readings: list[Reading] = []
        self._done = Event()
        self._thread = Thread(target=self._run, name="jmx-sampler", daemon=True)
        self.trouble: StackError | None = None

    def start(self) -> None:
        """Starts sampling."""
        self._thread.start()

    def stop(self) -> BrokerJmx | None:
        """Ends sampling; returns what describe() makes of the readings."""
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
            # A last reading, because counters are differences between the first and the last.
            self._readings.append(self._client.read(BEANS))
        except StackError as error:
            self.trouble = error


def describe(readings: list[Reading]) -> BrokerJmx | None:
    """Summarises the readings; None if there are fewer than two.

    Counters are differences between the first and the last reading. Percentiles are those of the
    last reading: Kafka computes them over five minutes, with more weight on recent values.
    """
    if len(readings) < 2:
        return None
    first, last = readings[0], readings[-1]
    collectors = [name for name in last if "type=GarbageCollector" in name]
    idle = [reading[IDLE]["OneMinuteRate"] for reading in readings if IDLE in reading]

    def grown(bean: str, attribute: str) -> int:
        return int(last.get(bean, {}).get(attribute, 0) - first.get(bean, {}).get(attribute, 0))

    return BrokerJmx(
        readings=len(readings),
        produce_phases_ms=_phases(last),
        bytes_in=grown(TRAFFIC.format(name="BytesInPerSec"), "Count"),
        bytes_out=grown(TRAFFIC.format(name="BytesOutPerSec"), "Count"),
        handler_idle_min=min(idle) if idle else None,
        log_flushes=grown(FLUSH, "Count"),
        log_flush_p99_ms=last[FLUSH]["99thPercentile"] if FLUSH in last else None,
        heap_max_bytes=max(r[MEMORY]["HeapMemoryUsage"]["used"] for r in readings),
        gc_pauses=sum(grown(name, "CollectionCount") for name in collectors),
        gc_ms=sum(grown(name, "CollectionTime") for name in collectors),
        handler_idle_full=_idle_full(last),
    )


def _phases(reading: Reading) -> dict[str, Spread]:
    beans = {phase: REQUEST.format(name=name) for phase, name in PHASES.items()}
    return {
        phase: Spread(*(reading[bean][f"{p}thPercentile"] for p in (50, 95, 99)))
        for phase, bean in beans.items()
        if bean in reading
    }


def _idle_full(reading: Reading) -> float | None:
    """Returns what the idle meter shows when all handlers are idle; None if the version is unknown.

    Before Kafka 4.2 a broker that is also a controller adds up both pools of handlers, to 2.0.
    """
    infos = [bean for name, bean in reading.items() if "type=app-info" in name]
    versions = [bean.get("version") or bean.get("Version") for bean in infos]
    known = [version for each in versions if (version := _kafka_version(str(each)))]
    if not known:
        return None
    return 2.0 if CONTROLLER in reading and min(known) < ONE_SCALE else 1.0


def _kafka_version(text: str) -> tuple[int, int] | None:
    """Parses a version, and translates Confluent's: 7.6.0-ccs is Kafka 3.6, 8.2.0-ccs is 4.2."""
    found = re.match(r"(\d+)\.(\d+)[\d.]*(-c(?:cs|e)\b)?", text)
    if found is None:
        return None
    return int(found[1]) - (CONFLUENT_AHEAD if found[3] else 0), int(found[2])
