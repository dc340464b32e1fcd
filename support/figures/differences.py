"""The settings that differ from the Baseline Configuration, with what each of them means."""

from __future__ import annotations

from collections.abc import Sequence

from support.figures.setting_meanings import MEANINGS
from support.record.baseline_compared import BASELINE_COMPARED, SettingCompared
from support.record.record import Record
from support.results.differences import SettingDifference
from support.results.units import counted

NOT_KNOWN = "not known"
SHOWN = 3


def differences(record: Record) -> tuple[SettingDifference, ...]:
    """Returns a row for each setting and value; empty where nothing was compared."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for each in record.get(BASELINE_COMPARED) or ():
        if not _same(each):
            theirs = NOT_KNOWN if each.theirs is None else each.theirs
            key = (each.part, each.setting, theirs, each.baseline)
            found.setdefault(key, []).append(each.where)
    return tuple(
        SettingDifference(
            f"{part} {setting}",
            _places(where),
            theirs,
            baseline,
            ", ".join(MEANINGS[part][setting].concerns),
            MEANINGS[part][setting].text,
        )
        for (part, setting, theirs, baseline), where in found.items()
    )


def _same(each: SettingCompared) -> bool:
    return each.theirs is not None and each.theirs.lower() == each.baseline.lower()


def _places(where: Sequence[str]) -> str:
    more = len(where) - SHOWN
    return ", ".join(where[:SHOWN]) + (f" and {counted(more, 'others')}" if more > 0 else "")
