"""A broker's resources from its MBeans, as Jolokia's agent offers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from support.clients.jolokia import JolokiaClient
from support.clients.usage import Usage
from support.errors import StackError

SYSTEM, RUNTIME, MEMORY = (
    f"java.lang:type={name}" for name in ("OperatingSystem", "Runtime", "Memory")
)
DIRECT = "java.nio:type=BufferPool,name=direct"
LOG_SIZES = "kafka.log:name=Size,type=Log,*"
"""The size of the log of each partition."""
NS_PER_S = 1e9

NO_RESIDENT_MEMORY = (
    "JMX reports what the JVM has committed (heap, classes and code, direct buffers) and not the "
    "resident memory of its process"
)


class JolokiaMetrics:
    """Reads one broker's MBeans. Methods raise StackError if Jolokia does not answer."""

    def __init__(self, url: str) -> None:
        self.jmx_url: str | None = url if url.endswith("/") else f"{url}/"
        self._client = JolokiaClient(self.jmx_url)

    def check(self) -> None:
        """Raises StackError if the JVM is not a Kafka broker's, or does not report its CPU time."""
        found = self._client.read([SYSTEM, LOG_SIZES])
        if "ProcessCpuTime" not in found.get(SYSTEM, {}):
            raise StackError(
                "Jolokia does not report the CPU time of its JVM.",
                seen=f"no ProcessCpuTime in {SYSTEM}",
                cause="its policy (jolokia-access.xml) forbids to read it, or another JVM",
                then=f"allow {SYSTEM}, java.lang:*, kafka.*:* to be read",
            )
        if not _sizes(found):
            raise StackError(
                "The JVM behind kafka_metrics is no Kafka broker.",
                seen=f"no MBean {LOG_SIZES}",
                cause="the Jolokia of another process, as of Kafka Connect or a controller",
                then="give the URL of the broker's agent",
            )

    def usage(self) -> Usage:
        """The usage of the broker's JVM now; its memory as explained in NO_RESIDENT_MEMORY."""
        found = self._client.read([SYSTEM, RUNTIME, MEMORY, DIRECT, LOG_SIZES])
        try:
            system, memory = found[SYSTEM], found[MEMORY]
            committed = sum(
                int(memory[f"{kind}MemoryUsage"]["committed"]) for kind in ("Heap", "NonHeap")
            )
            return Usage(
                str(found.get(RUNTIME, {}).get("StartTime", "")),
                committed + int(found.get(DIRECT, {}).get("MemoryUsed", 0)),
                int(system["ProcessCpuTime"]) / NS_PER_S,
                sum(_sizes(found)),
                float(system["AvailableProcessors"]),
            )
        except KeyError as error:
            raise StackError(f"Jolokia does not report {error} of the broker.") from error

    def unmeasured(self) -> Mapping[str, str]:
        """Figure that JMX does not report -> why."""
        return {"memory": NO_RESIDENT_MEMORY}


def _sizes(found: Mapping[str, Mapping[str, Any]]) -> list[int]:
    return [int(bean["Value"]) for name, bean in found.items() if "type=Log" in name]
