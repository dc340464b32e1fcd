"""Checks of change data capture: what was written to PostgreSQL, and what arrived in Kafka."""

from __future__ import annotations

from support.checks.catalogue.entry import CheckEntry

TOPIC = "cdc"
EVENTS = "every event of the captured tables, read by a fresh client"
CHANGES = "the record of every change that was committed or rolled back"
UNREAD = "the topics were not read to their end"
NOTHING = "nothing was committed"

ENTRIES = (
    CheckEntry(
        "CDC topics carry events",
        TOPIC,
        "Debezium runs, and the topic of every captured table holds events of it.",
        "the connector's state, the topics' end offsets, and the last events of each topic",
        fails="the connector does not run, a topic is empty, or one of its last records is no "
        "envelope",
        inconclusive="never: a topic without an event is the result",
    ),
    CheckEntry(
        "statements accepted",
        TOPIC,
        "PostgreSQL carries out every statement of the row writer.",
        CHANGES,
        fails="a statement was refused, over a connection that works: no replica identity, a "
        "violated constraint, a time-out, a full disk, a permission",
        inconclusive="the writer did nothing",
    ),
    CheckEntry(
        "CDC changes missing",
        TOPIC,
        "A committed change without an event.",
        f"{CHANGES}, and {EVENTS}",
        fails="a committed change has no event, and no snapshot shows its row as it left it, or "
        "was taken after it when the row was gone (the first whole one, before streaming began)",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    CheckEntry(
        "CDC rolled back visible",
        TOPIC,
        "An event of a change that was rolled back, or that nobody made.",
        f"{CHANGES}, and {EVENTS}",
        fails="an event speaks of a change that the writer did not commit",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    CheckEntry(
        "CDC duplicates",
        TOPIC,
        "Events of a change beyond its first: legal at least once.",
        EVENTS,
        fails="",
        inconclusive=f"{UNREAD}, or {NOTHING}",
        measures="always: the surplus events are counted",
    ),
    CheckEntry(
        "CDC order",
        TOPIC,
        "The events of a row come in the order of its changes.",
        EVENTS,
        fails="the first event of a change stands behind that of a later change of its row",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    CheckEntry(
        "CDC before",
        TOPIC,
        "Under REPLICA IDENTITY FULL the `before` of an event is the `after` of the one before it.",
        f"{EVENTS}, of tables with REPLICA IDENTITY FULL",
        fails="the `before` of an update or a delete is not the row's last state",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    CheckEntry(
        "CDC tombstones",
        TOPIC,
        "The event of a delete is followed by a null value under its key.",
        EVENTS,
        fails="a delete has no tombstone behind it",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    CheckEntry(
        "CDC image",
        TOPIC,
        "The events, folded, are the rows that PostgreSQL has, in every column that both know.",
        f"{EVENTS}, and every row of the tables",
        fails="a row differs, is only in the events or only in PostgreSQL, or a column is missing",
        inconclusive=f"{UNREAD}, {NOTHING}, or no event has an added column and whether a row "
        "changed since is not known",
    ),
    CheckEntry(
        "CDC schema changes",
        TOPIC,
        "Columns that somebody added, dropped or gave another type meanwhile.",
        f"{EVENTS}, and the columns before the first and after the last change",
        fails="",
        inconclusive=UNREAD,
        measures="always: the columns are counted",
    ),
    CheckEntry(
        "legal envelopes",
        TOPIC,
        "Every event is an envelope with before, after, op and source.",
        EVENTS,
        fails="an event is no legal envelope, or, of a snapshot, has another operation",
        inconclusive="no event was read",
    ),
    CheckEntry(
        "CDC caught up",
        TOPIC,
        "The event of the last committed change arrived at a reader.",
        "a reader of the topics that is there all the time, and the time of the last commit",
        fails="it came later than the limit (60 s after commit or heal), or it never can",
        inconclusive="the reader died or can't read on, it was not waited until the limit, or "
        "nothing was committed",
    ),
    CheckEntry(
        "slot confirmed",
        TOPIC,
        "From the last change until the replication slot confirmed everything.",
        "the replication slot's confirmed position, and where the write-ahead log ended",
        fails="",
        inconclusive="it did not come in the rhythm of the connector's heartbeat",
        measures="always: it has no limit",
    ),
    CheckEntry(
        "replication slot",
        TOPIC,
        "The slot is there, is not lost, and the connector confirms what it has stored.",
        "the slot as PostgreSQL describes it",
        fails="it was dropped, PostgreSQL removed write-ahead log that was not read, or nothing "
        "was confirmed",
        inconclusive="nothing was confirmed, and it was not waited for as long as the connector's "
        "heartbeat and offset flush need",
    ),
    CheckEntry(
        "task state",
        TOPIC,
        "Connector and every task are RUNNING at the end.",
        "Kafka Connect's REST interface",
        fails="one of them has another state, or the worker does not answer",
        inconclusive="never: a worker that does not answer runs no task",
    ),
    CheckEntry(
        "CDC fault effect",
        TOPIC,
        "Whether changes felt the fault: the longest time in which one waited and none arrived.",
        "a reader of the topics that is there all the time, and the times of the fault",
        fails="",
        inconclusive="no change waited, or for less than the outage: the fault proved nothing",
        measures="always: the length of that time",
    ),
    CheckEntry(
        "CDC recovery time",
        TOPIC,
        "From the beginning of the heal to the arrival of the first event of a new change.",
        "a reader of the topics that is there all the time, and the times of the fault",
        fails="no new event arrived, or not below its limit, which counts from ready",
        inconclusive="the reader died or can't read on, it was not watched until the limit (180 s "
        "where there is none), or a doubt about the clocks decides",
        measures="where it has no limit",
    ),
    CheckEntry(
        "back without help",
        TOPIC,
        "What was broken came back by itself once it was started again.",
        "what the suite had to start or restart until CDC streamed again",
        fails="a process that had been started ended again, and was started once more",
        inconclusive="never: the suite knows what it did",
        deviates="a FAILED task had to be restarted, which Kafka Connect never does itself, or the "
        "worker was restarted because no change had arrived",
    ),
    CheckEntry(
        "resent from the commit",
        TOPIC,
        "What is sent again after a restart lies at or behind the committed source offset.",
        f"Connect's committed source offset before the restart, and {EVENTS}",
        fails="an event from before the committed source offset was sent again",
        inconclusive=f"{UNREAD}, Connect had committed no source offset, or no event arrived after "
        "the restart",
    ),
    CheckEntry(
        "resent bound",
        TOPIC,
        "No event that is sent again is older than an offset flush can leave uncommitted.",
        f"offset.flush.interval.ms, the time of the restart, and {EVENTS}",
        fails="an event that was sent again is older than that",
        inconclusive=f"{UNREAD}, or the limit lies within the doubt of the clocks",
        measures="where nothing was sent again",
    ),
    CheckEntry(
        "snapshot repeated",
        TOPIC,
        "A restart does not take another snapshot of what is streamed.",
        f"the number of rows at the connector's registration, and {EVENTS}",
        fails="there are more snapshot events than rows at the registration",
        inconclusive=UNREAD,
    ),
    CheckEntry(
        "snapshot rows",
        TOPIC,
        "Every row of every table is in its topic, exactly as in PostgreSQL.",
        "key and digest of every row, by Kafka and by PostgreSQL",
        fails="a row is missing, differs, is only in Kafka, or is there more than once where no "
        "snapshot was begun again",
        inconclusive=f"{UNREAD}, or the tables are empty",
    ),
    CheckEntry(
        "changed meanwhile",
        TOPIC,
        "Changes were committed while the snapshot was taken.",
        f"{EVENTS}, with the times of their commits",
        fails="",
        inconclusive="no snapshot event was seen, or no change fell into the snapshot",
        measures="always: the changes are counted",
    ),
    CheckEntry(
        "logged errors",
        TOPIC,
        "Kafka and Kafka Connect logged no error meanwhile.",
        "what their logs gained during the scenario",
        fails="a line of level ERROR or FATAL is not on the list of the harmless ones",
        inconclusive="the log of a part could not be read whole, or its levels are not understood",
    ),
)
