"""What of a log matters to a reader: its errors, and a broker's coming and going."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from support.clients.logfile import logged_since

FIRST, LAST, LONGEST = 6, 3, 220
"""So many lines of each log are kept, of so many characters."""

MATTERS = re.compile(
    r" (?:ERROR|FATAL|PANIC)[: ]"
    r"|Kafka Server started|\] shutting down \(BrokerServer\)|shut down completed \(BrokerServer\)"
    r"|[Rr]ecovering \d+ logs|Skipping recovery|No space left|log dirs .* have failed"
    r"|has been unfenced|Fencing broker|controller returned error"
    r"|Herder st|Rebalance started|Task threw|terminating connection"
    r"|database system (?:is ready|was interrupted|was shut down)|received .* shutdown request"
)
"""Of Kafka's, Kafka Connect's and PostgreSQL's logs."""


def log_sizes(logs: Mapping[str, Path]) -> dict[str, int]:
    """Part -> bytes that its log has now."""
    return {part: path.stat().st_size for part, path in logs.items() if path.is_file()}


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
    return re.sub(r"^\[?[\d-]+ [\d:.,]+( [A-Z]+)?\]? ?", "", line)


def logged(logs: Mapping[str, Path], sizes: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """What was logged after the logs had `sizes`; a log that began anew since counts whole."""
    told = {}
    for part, path in logs.items():
        if path.is_file():
            known = sizes.get(part, 0)
            begin = known if path.stat().st_size >= known else 0
            told[part] = lines_that_matter(logged_since(path, begin))
    return {part: lines for part, lines in told.items() if lines}
