"""Checks of captured changes: what was written to PostgreSQL, and what arrived in Kafka."""

from __future__ import annotations

from support.promises import of_cdc
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record.cdc_topics import CDC_TOPICS
from support.record.changes import CHANGES
from support.record.events import EVENTS
from support.record.tables import TABLES
from support.results.limit import Limit, Operator

TOPIC = "cdc"
ALL_EVENTS = "every event of the captured tables, read by a fresh client"
ALL_CHANGES = "the record of every change that was committed or rolled back"
UNREAD = "the topics were not read to their end"
NOTHING = "nothing was committed"


def none(unit: str) -> Limit:
    """Returns the limit of a check that counts what must not happen."""
    return Limit(Operator.EXACTLY, 0, unit)


CDC_TOPICS_CARRY_EVENTS = CheckDefinition(
    Words(
        "CDC topics carry events",
        TOPIC,
        "Debezium runs, and the topic of every captured table holds its events.",
        "the connectors' states, their replication slots, the topics' end offsets, and the last "
        "events of each topic; on a team's own stack, of all its connectors",
        fails="a connector does not run or its slot is not read, a topic of a table with rows is "
        "empty, or one of its last records is no envelope",
        inconclusive="a topic may not be described, has no event and its table may not be read, or "
        "is not known, or a connector that may be the team's is not judged",
    ),
    of_cdc.topics,
    (CDC_TOPICS,),
)
STATEMENTS_ACCEPTED = CheckDefinition(
    Words(
        "statements accepted",
        TOPIC,
        "PostgreSQL carries out every statement of the row writer.",
        ALL_CHANGES,
        fails="PostgreSQL refused a statement over a connection that works: no replica identity, a "
        "violated constraint, a timeout, a full disk, a permission",
        inconclusive="the writer did nothing",
    ),
    of_cdc.accepted,
    (CHANGES,),
    limit=none("statements"),
)
CDC_CHANGES_MISSING = CheckDefinition(
    Words(
        "CDC changes missing",
        TOPIC,
        "A committed change without an event.",
        f"{ALL_CHANGES}, and {ALL_EVENTS}",
        fails="a committed change has no event, and no snapshot covers it: none has the row in "
        "this or a later version, and the row was not deleted before the first complete snapshot",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    of_cdc.missing,
    (EVENTS, CHANGES),
    limit=none("changes"),
)
CDC_ROLLED_BACK_VISIBLE = CheckDefinition(
    Words(
        "CDC rolled back visible",
        TOPIC,
        "An event of a change that was rolled back, or that no transaction made.",
        f"{ALL_CHANGES}, and {ALL_EVENTS}",
        fails="an event describes a change that the writer did not commit",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    of_cdc.rolled_back,
    (EVENTS, CHANGES),
    limit=none("events"),
)
CDC_DUPLICATES = CheckDefinition(
    Words(
        "CDC duplicates",
        TOPIC,
        "Events of a change beyond its first, which at-least-once delivery allows.",
        ALL_EVENTS,
        fails="",
        inconclusive=f"{UNREAD}, or {NOTHING}",
        measures="always: the surplus events are counted",
    ),
    of_cdc.sent_again,
    (EVENTS, CHANGES),
)
CDC_ORDER = CheckDefinition(
    Words(
        "CDC order",
        TOPIC,
        "The events of a row come in the order of its changes.",
        ALL_EVENTS,
        fails="the first event of a change comes after that of a later change of its row",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    of_cdc.row_order,
    (EVENTS, CHANGES),
    limit=none("events"),
)
CDC_BEFORE = CheckDefinition(
    Words(
        "CDC before",
        TOPIC,
        "Under REPLICA IDENTITY FULL the `before` of an event is the `after` of the row's previous "
        "event.",
        f"{ALL_EVENTS}, of tables with REPLICA IDENTITY FULL",
        fails="the `before` of an update or a delete is not the row's last state",
        inconclusive=f"{UNREAD}, {NOTHING}, or the tables have another replica identity",
    ),
    of_cdc.row_before,
    (EVENTS, CHANGES),
    limit=none("events"),
)
CDC_TOMBSTONES = CheckDefinition(
    Words(
        "CDC tombstones",
        TOPIC,
        "The event of a delete is followed by a null value with the same key.",
        ALL_EVENTS,
        fails="no tombstone follows a delete",
        inconclusive=f"{UNREAD}, or {NOTHING}",
    ),
    of_cdc.row_tombstones,
    (EVENTS, CHANGES),
    limit=none("deletes"),
)
CDC_IMAGE = CheckDefinition(
    Words(
        "CDC image",
        TOPIC,
        "The events, applied in order, give the rows of PostgreSQL in every column that both have.",
        f"{ALL_EVENTS}, and every row of the tables",
        fails="a row differs, is only in the events or only in PostgreSQL, or a column is missing",
        inconclusive=f"{UNREAD}, {NOTHING}, or no event has an added column and it is not known "
        "whether a row changed since",
    ),
    of_cdc.table_image,
    (EVENTS, CHANGES, TABLES),
    limit=none("rows"),
)
CDC_SCHEMA_CHANGES = CheckDefinition(
    Words(
        "CDC schema changes",
        TOPIC,
        "Columns that were added, dropped or given another type while changes were made.",
        f"{ALL_EVENTS}, and the columns before the first and after the last change",
        fails="",
        inconclusive=UNREAD,
        measures="always: the columns are counted",
    ),
    of_cdc.altered_columns,
    (EVENTS, TABLES),
)
LEGAL_ENVELOPES = CheckDefinition(
    Words(
        "legal envelopes",
        TOPIC,
        "Every event is an envelope with before, after, op and source.",
        ALL_EVENTS,
        fails="an event is no legal envelope, or an event of a snapshot has another operation",
        inconclusive="no event was read",
    ),
    # The record has a section of changes or one of a snapshot, so neither can be required.
    of_cdc.envelopes,
    limit=none("events"),
)

ALL = (
    CDC_TOPICS_CARRY_EVENTS,
    STATEMENTS_ACCEPTED,
    CDC_CHANGES_MISSING,
    CDC_ROLLED_BACK_VISIBLE,
    CDC_DUPLICATES,
    CDC_ORDER,
    CDC_BEFORE,
    CDC_TOMBSTONES,
    CDC_IMAGE,
    CDC_SCHEMA_CHANGES,
    LEGAL_ENVELOPES,
)
