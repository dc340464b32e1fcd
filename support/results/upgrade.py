"""One step of an upgrade: versions before and after it, stalls of clients, changed defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

METADATA = "metadata.version"
"""The part of `before` and `after` that has the level of Kafka's features."""


@dataclass(frozen=True)
class ChangedDefault:
    """A default that differs between two versions. A value is None where the version has none.

    `part`: broker or connector.
    """

    part: str
    setting: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class UpgradeStep:
    """One step. `before`, `after`: part (kafka, connect, debezium, metadata.version) -> version.

    Stalls in seconds: the longest time in which a record or a change waited during the step, and
    none was acknowledged, delivered or shown. None where nothing waited.
    """

    step: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    producer_stall_s: float | None
    consumer_stall_s: float | None
    cdc_stall_s: float | None
    startup_s: float | None
    """From the start of the part to the proof that it serves. None where nothing was started."""
    refused: str | None = None
    """Why the version before the upgrade did not start; empty if it serves, None if it was not
    tried."""
    changed_defaults: tuple[ChangedDefault, ...] = ()
    warnings: tuple[str, ...] = ()
    """Keys of baseline/ that the version after the step refuses, does not know or deprecates."""
