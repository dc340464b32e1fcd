"""Finds the level of a line in the logs of Kafka, Kafka Connect and their images.

Log4j 1 and log4j 2 are understood, with the date in brackets or without. Kafka's and Confluent's
images write `[2024-01-01 10:00:00,000] ERROR message (class)`; Debezium's images write
`2024-01-01 10:00:00,000 ERROR  Postgres|name|task  message   [class]`. The date may be ISO 8601
with a `T` or a space. A zone, a thread or colours may precede the level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE = re.compile(
    r"^(?:\x1b\[[\d;]*m)*"
    r"\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?\s+"
    r"(?:\[[^\]]*\]\s+)?(?:\x1b\[[\d;]*m)*"
    r"\[?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\]?(?=[\s:]|\x1b|$)"
)
_UNCAUGHT = re.compile(r"^Exception in thread |^# A fatal error has been detected")
"""Output of a JVM that fails, without any logging framework."""

ERRORS = ("ERROR", "FATAL")


def level_of(line: str) -> str:
    """Returns TRACE to FATAL; empty for a line without a level, such as one of a stack trace."""
    found = _LINE.match(line)
    if found:
        return found[1]
    return "FATAL" if _UNCAUGHT.match(line) else ""


def has_levels(text: str) -> bool:
    """Whether the level of at least one line is understood."""
    return any(level_of(line) for line in text.splitlines())


def error_lines(text: str) -> Iterator[str]:
    """Returns the lines of level ERROR or FATAL."""
    return (line for line in text.splitlines() if level_of(line) in ERRORS)
