"""One step of an upgrade: the versions before and after it, their defaults and their warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class PartsSeen:
    """Versions and defaults, as the parts report them.

    `versions`: part (kafka, connect, debezium, metadata.version) -> version. `defaults`: part
    (broker, connector) -> setting -> default.
    """

    versions: Mapping[str, str]
    defaults: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class UpgradeRecord:
    """One step. `wanted`: part -> the version that it has to have after the step.

    `starts`: whether the step starts a process. `refused`: why the version before the upgrade did
    not start; empty if it serves, None if it was not tried. `warnings`: keys of baseline/ that the
    versions after the step refuse, do not know or deprecate.
    """

    step: str
    before: PartsSeen
    after: PartsSeen
    wanted: Mapping[str, str]
    starts: bool
    refused: str | None = None
    warnings: tuple[str, ...] = ()


UPGRADE = json_section("upgrade", UpgradeRecord)
