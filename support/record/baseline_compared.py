"""The settings of a stack that others run, next to those of the Baseline Configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class SettingCompared:
    """A setting that baseline/ names, of one object of their stack.

    `part`: broker, topic, connector or worker. `where`: the broker, topic or connector. `theirs` is
    None where it is not known. Both values are as the files and the servers write them.
    """

    part: str
    where: str
    setting: str
    theirs: str | None
    baseline: str


BASELINE_COMPARED = json_section("baseline_compared", Sequence[SettingCompared])
