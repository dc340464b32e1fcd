"""Options of Kafka's performance tools that have another name from Kafka 4.2 on."""

from __future__ import annotations

from collections.abc import Sequence

from support.settings.versions import version_number

SINCE = (4, 2)
"""Kafka version from which the old names are deprecated; Kafka 5.0 removes them (KIP-1147)."""
RENAMED = {
    "--producer-props": "--command-property",
    "--messages": "--num-records",
}


def current_flags(arguments: Sequence[str], kafka_version: str) -> list[str]:
    """The arguments with the names of options that this version of the tools uses."""
    if version_number(kafka_version) < SINCE:
        return list(arguments)
    return [RENAMED.get(each, each) for each in arguments]
