"""Checks of consumer lag and of retention."""

from __future__ import annotations

from support.checks.lag import never_negative
from support.promises import of_edges
from support.promises.definition import CheckDefinition
from support.promises.edge import TOPIC
from support.promises.words import Words
from support.record import lag
from support.record.lag import KAFKA_UI, LAG
from support.record.retention import AGED_RECORDS
from support.results.limit import at_least, exactly

LAG_REACHED = CheckDefinition(
    Words(
        "lag reached",
        TOPIC,
        "The group fell as far behind as the scenario says.",
        "the group's lag, sampled from the broker every half second",
        fails="",
        inconclusive="the group did not fall so far behind",
        measures="always: the highest lag",
    ),
    of_edges.fell_behind,
    (LAG,),
)
LAG_NEVER_NEGATIVE = CheckDefinition(
    Words(
        "lag never negative",
        TOPIC,
        "The committed offset of a group is never beyond the end of the log.",
        "the group's lag in every partition, sampled from the broker every half second",
        fails="the lag of a partition is below 0 in a sample",
        inconclusive="no sample has a committed offset",
    ),
    lambda record: never_negative(record[LAG].points),
    (LAG,),
    limit=exactly(0, "negative lags"),
)
LAG_CAUGHT_UP = CheckDefinition(
    Words(
        "lag caught up",
        TOPIC,
        "A group that was far behind reaches the end of the log.",
        "the group's lag, sampled from the broker before and after the group is released",
        fails="some lag is left at the end",
        inconclusive="the lag was not sampled both before and after, or nothing was written",
    ),
    of_edges.catches_up,
    (LAG,),
)
LAG_IN_KAFKA_UI = CheckDefinition(
    Words(
        "lag in Kafka UI",
        TOPIC,
        "Kafka UI shows the same lag of a group as Kafka.",
        "a Kafka UI",
        fails="the lag of a partition still differs after Kafka UI has refreshed its figures",
        inconclusive="the group has no committed offset",
    ),
    of_edges.shown_in_ui,
    (KAFKA_UI,),
)
LOST_TO_RETENTION = CheckDefinition(
    Words(
        "lost to retention",
        TOPIC,
        "Records that were deleted before a slow group had processed them are found.",
        "the group's committed offsets, and the start offsets of the log",
        fails="another number of records is found than was deleted",
        inconclusive="the group has no committed offset",
    ),
    of_edges.lost_by_age,
    (AGED_RECORDS,),
)
RETENTION_SETTINGS = CheckDefinition(
    Words(
        "retention settings",
        TOPIC,
        "The topics' settings keep records for seven days at the load of the specification.",
        "the settings in force of the CDC topics; on a team's own stack also the load in them",
        fails="retention.ms is below seven days, the load fills retention.bytes sooner, or "
        "compaction removes earlier records",
        inconclusive="no topic is known, one is missing, or its retention.ms, retention.bytes or "
        "cleanup.policy is not known, or a connector that may be the team's is not judged",
        deviates="the load of the specification fills retention.bytes sooner, but the measured "
        "load does not",
    ),
    of_edges.kept_by_settings,
    (lag.RETENTION_SETTINGS,),
    limit=at_least(7, "days"),
)
RETENTION_KEPT = CheckDefinition(
    Words(
        "retention kept",
        TOPIC,
        "Records older than seven days are deleted, and younger ones are kept.",
        "back-dated records on a broker that applies its retention every second",
        fails="an older record was not deleted, or a younger one was",
        inconclusive="not all records were written",
    ),
    of_edges.kept_by_age,
    (AGED_RECORDS,),
)

ALL = (
    LAG_REACHED,
    LAG_NEVER_NEGATIVE,
    LAG_CAUGHT_UP,
    LAG_IN_KAFKA_UI,
    LOST_TO_RETENTION,
    RETENTION_SETTINGS,
    RETENTION_KEPT,
)
