"""Settings of a stack that differ from the Baseline Configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SettingDifference:
    """One setting of one or several objects with the same value.

    `setting` begins with the part: broker, topic, connector or worker. `concerns`: what it has an
    effect on (at-least-once, retention, latency, throughput). `meaning`: the effect, in words.
    """

    setting: str
    where: str
    theirs: str
    baseline: str
    concerns: str
    meaning: str
