"""Follows the logs of the parts of a stack during an experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.clients.logfile import LogMark, logged_after, mark_log
from support.metrics.log_levels import has_levels


@dataclass(frozen=True)
class PartLog:
    """The text that a part logged; `trouble` says why it is not known, and is empty otherwise."""

    text: str = ""
    trouble: str = ""


class PartLogs:
    """Follows the logs of `parts` from its creation.

    `logs` returns part -> file. It is called for every reading, because on some targets the files
    are copies that it makes.
    """

    def __init__(self, logs: Callable[[], Mapping[str, Path]], parts: Sequence[str]) -> None:
        self._logs, self._parts = logs, tuple(parts)
        files = logs()
        self._marks = {part: mark_log(files[part]) for part in self._parts if part in files}

    def read(self) -> dict[str, PartLog]:
        """Returns what every part has logged since, or why that is not known."""
        files = self._logs()
        return {part: self._read(part, files.get(part)) for part in self._parts}

    def _read(self, part: str, log: Path | None) -> PartLog:
        if log is None or not log.is_file():
            return PartLog(trouble="its log can't be read on this target")
        text = logged_after(log, self._marks.get(part, LogMark()))
        if text is None:
            return PartLog(trouble="its log was replaced meanwhile, and a part of it is lost")
        if not has_levels(text) and not has_levels(log.read_text(errors="replace")):
            return PartLog(trouble="no line of its log has a level that is understood")
        return PartLog(text)
