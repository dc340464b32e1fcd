"""Settings of a scenario's consumers that their checks need."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class ConsumersRecord:
    """Consumers commit every `commit_every_ms` and take `processing_ms` for a record.

    `static` members keep their partitions through a restart (group.instance.id). The broker removes
    a crashed member after `session_s` seconds.
    """

    commit_every_ms: int
    processing_ms: float
    static: bool
    session_s: float


CONSUMERS = json_section("consumers", ConsumersRecord)
