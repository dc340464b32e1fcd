"""Checks of the edge cases: disk, sizes, controller, lag and retention."""

from __future__ import annotations

from support.checks.catalogue.entry import CheckEntry

TOPIC = "edge"

ENTRIES = (
    CheckEntry(
        "disk full",
        TOPIC,
        "A broker whose disk is full says so in its log, in words that name the cause.",
        "a broker on a small file system, its free bytes, and its log",
        fails="the log does not say 'No space left on device'",
        inconclusive="there was room left",
    ),
    CheckEntry(
        "producer told",
        TOPIC,
        "A producer with a short time limit learns that its record was not stored.",
        "one record that is sent while the disk is full",
        fails="the record was acknowledged",
        inconclusive="nothing was sent while the disk was full",
    ),
    CheckEntry(
        "resumes after space is freed",
        TOPIC,
        "Once space is freed the broker serves again without a restart (EC-1).",
        "a broker on a small file system that was full",
        fails="",
        inconclusive="the disk was never full",
        deviates="the broker halted, or served nobody, and had to be started again",
    ),
    CheckEntry(
        "sizes",
        TOPIC,
        "Events up to the limit are stored whole, larger ones are refused by their size.",
        "the fate of one event of each size, and what is read back of it",
        fails="an event was refused without need, taken in spite of a limit, refused for another "
        "reason, or is not the same when it is read again",
        inconclusive="nothing was sent",
    ),
    CheckEntry(
        "size limits",
        TOPIC,
        "The limits from the database to the consumer fit each other.",
        "settings of producer, Kafka Connect and consumer; the topic's by the broker's word",
        fails="an event of some size gets half-way",
        inconclusive="the broker does not tell the topic's max.message.bytes",
    ),
    CheckEntry(
        "task fate",
        TOPIC,
        "A row whose event is too large stops the task, with an error that names the size.",
        "Kafka Connect's REST interface, with the trace of the task",
        fails="the task did not fail, or its error does not name the size",
        inconclusive="never: a task that stays silent is the result",
    ),
    CheckEntry(
        "rows whole",
        TOPIC,
        "The last event of every large row is the row in PostgreSQL.",
        "digest of every row, by its last event and by PostgreSQL",
        fails="a row has no event, or another value",
        inconclusive="no row was written",
    ),
    CheckEntry(
        "controller effect",
        TOPIC,
        "Whether the controller was really away: nothing that it decides was decided.",
        "requests that only the controller can answer",
        fails="",
        inconclusive="a request was done or refused meanwhile, or none was made",
        measures="always: the requests without an answer are counted",
    ),
    CheckEntry(
        "served meanwhile",
        TOPIC,
        "Without its controller the broker serves existing topics and groups.",
        "acknowledgements, deliveries and committed offsets in the outage",
        fails="a gap above 2 s in one of them, or no committed offset that moved on",
        inconclusive="no consumer read along, or the load ended before the outage did",
    ),
    CheckEntry(
        "decides again",
        TOPIC,
        "After the heal the controller does what it is asked for.",
        "requests that only the controller can answer",
        fails="a request is refused or not answered",
        inconclusive="nothing was asked",
    ),
    CheckEntry(
        "controller recovery time",
        TOPIC,
        "From the beginning of the controller's heal to the first topic created.",
        "the times of the fault",
        fails="",
        inconclusive="nothing was decided after the heal",
        measures="always: it has no limit",
    ),
    CheckEntry(
        "lag reached",
        TOPIC,
        "Whether the group fell as far behind as the scenario says.",
        "the group's lag by Kafka's word, every half second",
        fails="",
        inconclusive="it did not fall so far behind",
        measures="always: the highest lag",
    ),
    CheckEntry(
        "lag caught up",
        TOPIC,
        "A group that was far behind comes to the end of the log.",
        "the group's lag by Kafka's word, before and after it is let go",
        fails="some lag is left at the end",
        inconclusive="the lag was not seen before and after, or nothing was written",
    ),
    CheckEntry(
        "lag in Kafka UI",
        TOPIC,
        "Kafka UI says the same of a group's lag as Kafka.",
        "a Kafka UI",
        fails="the lag of a partition differs after the refresh of Kafka UI",
        inconclusive="the group has no committed offset",
    ),
    CheckEntry(
        "lost to retention",
        TOPIC,
        "Records that were deleted before a slow group had processed them are found and counted.",
        "the group's committed offsets, and the log's start offsets",
        fails="another number is found than was deleted",
        inconclusive="the group has no committed offset",
    ),
    CheckEntry(
        "retention settings",
        TOPIC,
        "Topics keep records for seven days at the load of the specification.",
        "the settings in force of the CDC topics; on a stack of others the load that comes in",
        fails="retention.ms is below seven days, that load fills retention.bytes sooner, or "
        "compaction removes earlier records",
        inconclusive="no topic is known, one is missing, or its retention.ms, retention.bytes or "
        "cleanup.policy is not told",
        deviates="that load would fill retention.bytes sooner, but the measured one does not",
    ),
    CheckEntry(
        "retention kept",
        TOPIC,
        "A record older than seven days is deleted, a younger one stays.",
        "back-dated records on a broker that looks for old ones every second",
        fails="an older record is still there, or a younger one is deleted",
        inconclusive="not all records were written",
    ),
)
