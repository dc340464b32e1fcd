"""The cap by size of topics that the suite makes for itself: a guard, and no setting under test.

A load that runs wild could fill the disk of the broker, and a full disk ends the broker. The cap
is more than twice the largest load (5.1 GB), so that it deletes nothing of a load that does not.
"""

from __future__ import annotations

from collections.abc import Mapping

TOPIC_BYTES = 12 << 30
KEY = "retention.bytes"


def guarded(config: Mapping[str, str]) -> dict[str, str]:
    """The settings of a topic, with a cap for all its partitions together. A lower one stays."""
    partitions = max(1, int(config.get("partitions", "1")))
    cap, given = TOPIC_BYTES // partitions, int(config.get(KEY, "-1"))
    return {**config, KEY: str(given if 0 <= given < cap else cap)}
