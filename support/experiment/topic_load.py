"""The load of topics that somebody else fills, out of what they hold: nothing has to be awaited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from support import clock
from support.checks.retention_time import Load
from support.checks.topic_in_force import TopicInForce
from support.experiment.experiment import Trial
from support.read.topic_reader import TopicReader

WINDOWS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""The busiest of them counts: retention may have removed what came in a longer one."""

SAMPLE = 50
"""Last records of each partition, of which the mean size is taken."""


def loads_of(trial: Trial, topics: Sequence[TopicInForce]) -> dict[str, Load]:
    """Topic -> its load, by the time stamps of its records; without those that are empty."""
    found = {topic.name: load_of(trial, topic.name) for topic in topics if topic.there}
    return {name: load for name, load in found.items() if load is not None}


def load_of(trial: Trial, topic: str) -> Load | None:
    """None when no record came in the longest window, or none could be read."""
    client, now_ms = trial.broker, clock.utc_now().timestamp() * 1000
    ends, rate = client.end_offsets(topic), 0.0
    for window in WINDOWS:
        seconds = window.total_seconds()
        since = client.offsets_since(topic, int(now_ms - seconds * 1000))
        came = sum(ends[part] - at for part, at in since.items() if at >= 0 and part in ends)
        rate = max(rate, came / seconds)
    size = _mean_bytes(trial, topic) if rate else 0.0
    return Load(rate, size) if size else None


def _mean_bytes(trial: Trial, topic: str) -> float:
    """Bytes of keys and values; a batch's own bytes are left out, and so is its compression."""
    reader = TopicReader(trial.broker, trial.group("load"), [topic], trial.patience(15), SAMPLE)
    sizes = [len(m.key() or b"") + len(m.value() or b"") for batch in reader for m in batch]
    return sum(sizes) / len(sizes) if sizes else 0.0
