"""What the parts of a stack log while something happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.clients.logfile import LogMark, logged_after, mark_log
from support.metrics.log_levels import has_levels


@dataclass(frozen=True)
class PartLog:
    """What one part logged meanwhile; `trouble` says why that is not known, empty when it is."""

    text: str = ""
    trouble: str = ""


class PartLogs:
    """Follows the logs of `parts` from its creation on.

    `logs` is asked again for every reading: what it names may be a copy, made when it was asked.
    """

    def __init__(self, logs: Callable[[], Mapping[str, Path]], parts: Sequence[str]) -> None:
        self._logs, self._parts = logs, tuple(parts)
        there = logs()
        self._marks = {part: mark_log(there[part]) for part in self._parts if part in there}

    def read(self) -> dict[str, PartLog]:
        """What every part logged since; for those without a readable log the reason."""
        there = self._logs()
        return {part: self._read(part, there.get(part)) for part in self._parts}

    def _read(self, part: str, log: Path | None) -> PartLog:
        if log is None or not log.is_file():
            return PartLog(trouble="its log can't be read on this target")
        text = logged_after(log, self._marks.get(part, LogMark()))
        if text is None:
            return PartLog(trouble="its log began anew meanwhile: a part of it is lost")
        if not has_levels(text) and not has_levels(log.read_text(errors="replace")):
            return PartLog(trouble="no line of its log has a level that is understood")
        return PartLog(text)
