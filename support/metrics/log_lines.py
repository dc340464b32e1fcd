"""Selects the lines of a log that explain a failure: errors, starts and stops of a broker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from support.clients.logfile import LogMark, logged_after, mark_log

FIRST, LAST = 6, 3
"""Lines that are kept from the beginning and the end of the selection."""
LONGEST = 220
"""Characters that are kept of a line."""

RELEVANT = re.compile(
    r" (?:ERROR|FATAL|PANIC)[: ]|^Exception in thread "
    r"|Kafka Server started|\] shutting down \(BrokerServer\)|shut down completed \(BrokerServer\)"
    r"|[Rr]ecovering \d+ logs|Skipping recovery|No space left|log dirs .* have failed"
    r"|has been unfenced|Fencing broker|controller returned error"
    r"|Herder st|Rebalance started|Task threw|terminating connection"
    r"|database system (?:is ready|was interrupted|was shut down)|received .* shutdown request"
)
"""Matches the relevant lines of Kafka's, Kafka Connect's and PostgreSQL's logs."""


def log_marks(logs: Mapping[str, Path]) -> dict[str, LogMark]:
    """Marks the current end of each part's log."""
    return {part: mark_log(path) for part, path in logs.items()}


def relevant_lines(text: str) -> tuple[str, ...]:
    """Returns the first FIRST and the last LAST relevant lines, and the number of those between.

    A line that is repeated, apart from its time, appears once, with the number of repetitions.
    """
    found = []
    for _, same in groupby(filter(RELEVANT.search, text.splitlines()), _without_time):
        first, *more = same
        found.append(first[:LONGEST] + (f" (and {len(more)} times more)" if more else ""))
    if len(found) <= FIRST + LAST:
        return tuple(found)
    between = f"... {len(found) - FIRST - LAST} more"
    return (*found[:FIRST], between, *found[-LAST:])


def _without_time(line: str) -> str:
    return re.sub(r"^\[?\d{4}-\d\d-\d\d[ T][\d:.,]+(?: ?[A-Z]{1,4})?\]? *", "", line)


def logged(logs: Mapping[str, Path], marks: Mapping[str, LogMark]) -> dict[str, tuple[str, ...]]:
    """Returns part -> the relevant lines after its mark; parts without any are left out.

    A log that was replaced since is searched from its beginning.
    """
    found = {}
    for part, path in logs.items():
        if path.is_file():
            text = logged_after(path, marks.get(part, LogMark()))
            found[part] = relevant_lines(path.read_text(errors="replace") if text is None else text)
    return {part: lines for part, lines in found.items() if lines}
