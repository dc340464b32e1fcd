"""The few figures for a reader who has one minute."""

from __future__ import annotations

from support.report.headline import Headline
from support.report.sections import SECTIONS
from support.results.schema import RunResult


def headlines(run: RunResult) -> list[Headline]:
    """Returns the headlines of all sections, in the order of the specification."""
    return [each for section in SECTIONS for each in section.headlines(run)]
