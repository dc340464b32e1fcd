"""What of a log matters to a reader: its errors, and a broker's coming and going."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from support.clients.logfile import LogMark, logged_after, mark_log

FIRST, LAST, LONGEST = 6, 3, 220
"""So many lines of each log are kept, of so many characters."""

MATTERS = re.compile(
    r" (?:ERROR|FATAL|PANIC)[: ]|^Exception in thread "
    r"|Kafka Server started|\] shutting down \(BrokerServer\)|shut down completed \(BrokerServer\)"
    r"|[Rr]ecovering \d+ logs|Skipping recovery|No space left|log dirs .* have failed"
    r"|has been unfenced|Fencing broker|controller returned error"
    r"|Herder st|Rebalance started|Task threw|terminating connection"
    r"|database system (?:is ready|was interrupted|was shut down)|received .* shutdown request"
)
"""Of Kafka's, Kafka Connect's and PostgreSQL's logs."""


def log_marks(logs: Mapping[str, Path]) -> dict[str, LogMark]:
    """Part -> where its log ends now."""
    return {part: mark_log(path) for part, path in logs.items()}


def lines_that_matter(text: str) -> tuple[str, ...]:
    """The first and the last of them, and how many are between; what is logged again and again
    stands there once, with how often."""
    found = []
    for _, same in groupby(filter(MATTERS.search, text.splitlines()), _without_time):
        first, *more = same
        found.append(first[:LONGEST] + (f" (and {len(more)} times more)" if more else ""))
    if len(found) <= FIRST + LAST:
        return tuple(found)
    between = f"... {len(found) - FIRST - LAST} more"
    return (*found[:FIRST], between, *found[-LAST:])


def _without_time(line: str) -> str:
    return re.sub(r"^\[?\d{4}-\d\d-\d\d[ T][\d:.,]+(?: ?[A-Z]{1,4})?\]? *", "", line)


def logged(logs: Mapping[str, Path], marks: Mapping[str, LogMark]) -> dict[str, tuple[str, ...]]:
    """What was logged after the marks; a log that began anew since counts whole."""
    told = {}
    for part, path in logs.items():
        if path.is_file():
            text = logged_after(path, marks.get(part, LogMark()))
            whole = path.read_text(errors="replace") if text is None else text
            told[part] = lines_that_matter(whole)
    return {part: lines for part, lines in told.items() if lines}
