"""Resources that the parts of the stack used during a load, and the broker's own meters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.record.section import json_section
from support.results.resources import BrokerJmx, ComponentUsage

BROKER, MEMORY, DISK, CORES = "broker", "memory", "disk", "cores"


@dataclass(frozen=True)
class ResourcesRecord:
    """Usage by part of the stack.

    `wanted`: the lowest number of samples of the broker that suffices. `trouble`: the error that
    ended the sampling early; empty without one. `lacking`: what this target can't measure (the
    broker, or only its memory, disk or cores) -> the reason.
    """

    usage: Mapping[str, ComponentUsage]
    wanted: int
    trouble: str = ""
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def broker(self) -> ComponentUsage | None:
        """The broker's usage, where it could be sampled."""
        return self.usage.get(BROKER)


@dataclass(frozen=True)
class JmxRecord:
    """The broker's meters; None if none was read. `wanted` and `trouble` as in ResourcesRecord."""

    jmx: BrokerJmx | None
    wanted: int
    trouble: str = ""


RESOURCES = json_section("resources", ResourcesRecord)
JMX = json_section("jmx", JmxRecord)
