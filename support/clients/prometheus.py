"""A broker's resources from a Prometheus endpoint, as jmx_exporter offers it inside the broker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from support.clients.metrics_page import read_page
from support.clients.usage import Usage
from support.errors import StackError

SAMPLE = re.compile(r"(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>.*)\})?\s+(?P<value>[^\s{}]+)")
"""A line of the text format: a name, labels, and a value that a time stamp may follow."""

CPU, MEMORY, STARTED = (
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
)
"""Names that every Prometheus client gives to the metrics of its own process."""
JVM_STARTED = "java_lang_runtime_starttime"
"""The start of the JVM whose MBeans are exported, in ms; jmx_exporter's default name."""
CORES = ("java_lang_operatingsystem_availableprocessors", "system_cpu_count")
LOG_SIZE = re.compile(r"kafka_log_(log_)?size(_value|_bytes)?")
"""The size of a partition's log: the names in use differ by the rules of the exporter."""
LOG_BEAN = re.compile(r"kafka_log_log_value|kafka_log_log")
SIZE_LABEL = re.compile(r'name="Size"', re.IGNORECASE)
APART_S = 10
"""An exporter whose process started at another time than the JVM is not part of the broker."""


@dataclass(frozen=True)
class Sample:
    """One line of the page; the name is in lower case."""

    name: str
    labels: str
    value: float


class PrometheusMetrics:
    """Reads one broker's metrics. Methods raise StackError if the endpoint does not answer."""

    jmx_url: str | None = None

    def __init__(self, url: str) -> None:
        self._url = url

    def check(self) -> None:
        """Raises StackError if the metrics are not those of a broker's process."""
        found = _by_name(read_page(self._url))
        missing = [name for name in (CPU, MEMORY) if name not in found]
        if missing:
            raise StackError(
                "The endpoint of kafka_metrics does not report the resources of its process.",
                seen=f"no {' and no '.join(missing)} among {len(found)} metrics",
                cause="not the exporter inside the broker's JVM (jmx_exporter as a -javaagent)",
                then="give that exporter's URL, or Jolokia's: -D kafka_metrics=URL",
            )
        started, jvm = found.get(STARTED), found.get(JVM_STARTED)
        if started is not None and jvm is not None and abs(started - jvm / 1000) > APART_S:
            raise StackError(
                "The endpoint of kafka_metrics runs outside the broker: its CPU and memory are not "
                "the broker's.",
                seen=f"exporter started at {started:.0f}, the broker's JVM at {jvm / 1000:.0f}",
                then="run jmx_exporter as a -javaagent of the broker, or leave kafka_metrics out",
            )

    def usage(self) -> Usage:
        """The usage of the broker's process now."""
        page = read_page(self._url)
        found = _by_name(page)
        try:
            cpu_s, memory = found[CPU], int(found[MEMORY])
        except KeyError as error:
            raise StackError(f"The broker's metrics have no {error} any more.") from error
        cores = next((found[name] for name in CORES if name in found), None)
        return Usage(str(found.get(STARTED, "")), memory, cpu_s, log_bytes(page), cores)

    def unmeasured(self) -> Mapping[str, str]:
        """Figure that the endpoint does not report -> why."""
        seen, found = self.usage(), {}
        if seen.disk_bytes is None:
            found["disk"] = "the Prometheus endpoint has no size of the logs (kafka_log_log_size)"
        if seen.cores is None:
            found["cores"] = f"the Prometheus endpoint has no {CORES[0]}"
        return found


def log_bytes(page: str) -> int | None:
    """The sum of the sizes of all logs; None if the page has none."""
    sizes = [sample.value for sample in samples(page) if _is_size(sample)]
    return int(sum(sizes)) if sizes else None


def samples(page: str) -> Iterator[Sample]:
    """Yields the samples of a page in Prometheus's text format; other lines are left out."""
    for line in page.splitlines():
        found = SAMPLE.match(line)
        if found is None:
            continue
        try:
            value = float(found["value"])
        except ValueError:
            continue
        yield Sample(found["name"].lower(), found["labels"] or "", value)


def _is_size(sample: Sample) -> bool:
    if LOG_SIZE.fullmatch(sample.name):
        return True
    return bool(LOG_BEAN.fullmatch(sample.name) and SIZE_LABEL.search(sample.labels))


def _by_name(page: str) -> dict[str, float]:
    """Returns name -> value of the samples without labels."""
    return {each.name: each.value for each in samples(page) if not each.labels}
