"""The errors that the parts of the stack logged during a scenario."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class LoggedErrors:
    """The lines of level ERROR or FATAL among the `lines` that one part logged.

    `trouble` says why its log was not read, `lacking` why this target can't read it. Both are empty
    when it was read.
    """

    lines: int = 0
    errors: tuple[str, ...] = ()
    trouble: str = ""
    lacking: str = ""


LOGGED = json_section("logged_errors", dict[str, LoggedErrors])
"""Part -> what it logged."""
