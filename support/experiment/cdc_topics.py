"""Reads whether Debezium runs and its topics carry events."""

from __future__ import annotations

from contextlib import suppress

from support.errors import NotInTime, words_of
from support.experiment.experiment import Experiment
from support.read.event_reader import not_envelopes
from support.record.cdc_topics import CDC_TOPICS, CdcTopicsRecord
from support.waiting import wait_until

LOOKED_AT = 20
"""Number of events of each partition whose form is checked, by any producer."""


def record_cdc_topics(experiment: Experiment) -> None:
    """Records the state of the CDC topics, after waiting for the rows that exist from the start."""
    stack, topics = experiment.stack, experiment.stack.baseline.cdc_topics

    def events() -> dict[str, int]:
        return {topic: sum(experiment.broker.end_offsets(topic).values()) for topic in topics}

    trouble = stack.cdc_trouble()
    if trouble is not None:
        experiment.record.write(CDC_TOPICS, CdcTopicsRecord(words_of(trouble), {}))
        return
    with suppress(NotInTime):
        within = experiment.patience_at_least(30)
        wait_until(events, lambda each: all(each.values()), within, "CDC events")
    found, illegal = events(), []
    if found and all(found.values()):
        within = experiment.patience(10)
        illegal = not_envelopes(experiment.broker, topics, LOOKED_AT, within)
    experiment.record.write(CDC_TOPICS, CdcTopicsRecord("", found, tuple(illegal)))
