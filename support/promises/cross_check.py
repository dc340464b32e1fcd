"""Checks of our own tools, compared with Kafka's."""

from __future__ import annotations

from support.promises import of_comparisons
from support.promises.definition import CheckDefinition
from support.promises.performance import TOPIC
from support.promises.words import Words
from support.record.comparisons import READING_COMPARED, WRITING_COMPARED

LATENCY_CROSS_CHECK = CheckDefinition(
    Words(
        "latency cross-check",
        TOPIC,
        "kafka-producer-perf-test measures the same latency as our load generator before and after "
        "it.",
        "Kafka's own tools on the machine of the suite",
        fails="",
        inconclusive="the tools disagree (one of them must be wrong), a run was too slow, or had "
        "too few records",
    ),
    of_comparisons.writing,
    (WRITING_COMPARED,),
)
READING_CROSS_CHECK = CheckDefinition(
    Words(
        "reading cross-check",
        TOPIC,
        "kafka-consumer-perf-test counts the same records as our reader before and after it.",
        "Kafka's own tools on the machine of the suite",
        fails="",
        inconclusive="the records, bytes or rates disagree (one of the tools must be wrong), or "
        "the topic was empty",
    ),
    of_comparisons.reading,
    (READING_COMPARED,),
)

ALL = (
    LATENCY_CROSS_CHECK,
    READING_CROSS_CHECK,
)
