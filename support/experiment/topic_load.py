"""Estimates the load of topics that others fill from the records that they hold already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from support import clock
from support.experiment.experiment import Experiment
from support.read.topic_reader import TopicReader
from support.record.lag import TopicLoad
from support.record.topic_in_force import TopicInForce

WINDOWS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""The highest rate counts: retention may have deleted records of the longer windows."""

SAMPLE = 50
"""How many of the last records of each partition the mean size is computed from."""


def loads_of(experiment: Experiment, topics: Sequence[TopicInForce]) -> dict[str, TopicLoad]:
    """Returns topic -> load, from the time stamps of the records, without empty topics."""
    found = {topic.name: load_of(experiment, topic.name) for topic in topics if topic.exists}
    return {name: load for name, load in found.items() if load is not None}


def load_of(experiment: Experiment, topic: str) -> TopicLoad | None:
    """Returns a topic's load; None if it got no record in 7 days, or none could be read."""
    client, now_ms = experiment.broker, clock.utc_now().timestamp() * 1000
    ends, rate = client.end_offsets(topic), 0.0
    for window in WINDOWS:
        seconds = window.total_seconds()
        since = client.offsets_since(topic, int(now_ms - seconds * 1000))
        came = sum(ends[part] - at for part, at in since.items() if at >= 0 and part in ends)
        rate = max(rate, came / seconds)
    size = _mean_bytes(experiment, topic) if rate else 0.0
    return TopicLoad(rate, size) if size else None


def _mean_bytes(experiment: Experiment, topic: str) -> float:
    """Returns the mean bytes of key and value, uncompressed and without the batch's header."""
    reader = TopicReader(
        experiment.broker, experiment.group("load"), [topic], experiment.patience(15), SAMPLE
    )
    sizes = [len(m.key() or b"") + len(m.value() or b"") for batch in reader for m in batch]
    return sum(sizes) / len(sizes) if sizes else 0.0
