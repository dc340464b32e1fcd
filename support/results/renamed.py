"""Names in the files of older versions that have another name today."""

from __future__ import annotations

from collections.abc import Mapping

SINCE_4 = {
    "producer told": "error at the producer",
    "place kept": "position kept",
    "task fate": "task outcome",
    "second opinion": "latency cross-check",
    "second opinion on reading": "reading cross-check",
    "lateness of the generator": "schedule delay",
    "second_opinion": "latency_cross_check",
    "second_reading": "reading_cross_check",
    "lateness": "schedule_delay",
}
"""Checks and keys of run.json: the name up to schema version 3 -> the name since version 4."""


def renamed(content: bytes, names: Mapping[str, str]) -> bytes:
    """Returns JSON in which every string, or key, that is one of the names is the new one.

    A quotation mark inside a string is escaped, so that only whole strings match.
    """
    for old, new in names.items():
        content = content.replace(f'"{old}"'.encode(), f'"{new}"'.encode())
    return content
