"""A size limit for the topics that the suite creates: a guard, not a setting under test.

A load out of control could fill the disk of the broker, and a full disk ends the broker. The limit
is more than twice the largest load (5.1 GB), so no record of a normal load is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping

TOPIC_BYTES = 12 << 30
KEY = "retention.bytes"


def guarded(config: Mapping[str, str]) -> dict[str, str]:
    """The settings of a topic, with TOPIC_BYTES divided among its partitions.

    A lower limit in `config` is kept.
    """
    partitions = max(1, int(config.get("partitions", "1")))
    cap, given = TOPIC_BYTES // partitions, int(config.get(KEY, "-1"))
    return {**config, KEY: str(given if 0 <= given < cap else cap)}
