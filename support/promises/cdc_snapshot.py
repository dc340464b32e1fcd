"""Checks of Debezium's snapshot, and of what the parts of the stack logged."""

from __future__ import annotations

from support.promises import of_cdc
from support.promises.cdc import ALL_EVENTS, TOPIC, UNREAD, none
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record import snapshot
from support.record.arrivals import ARRIVALS
from support.record.capture import CAPTURE
from support.record.events import EVENTS
from support.record.part_logs import LOGGED

SNAPSHOT_REPEATED = CheckDefinition(
    Words(
        "snapshot repeated",
        TOPIC,
        "A restart does not take another snapshot of tables whose changes are streamed.",
        f"the number of rows at the connector's registration, and {ALL_EVENTS}",
        fails="there are more snapshot events than rows at the registration",
        inconclusive=f"{UNREAD}, or rows changed during the first snapshot",
    ),
    of_cdc.repeated,
    (EVENTS, CAPTURE),
    limit=none("events"),
)
SNAPSHOT_ROWS = CheckDefinition(
    Words(
        "snapshot rows",
        TOPIC,
        "Every row of every table is in its topic, exactly as in PostgreSQL.",
        "key and digest of every row, read from Kafka and from PostgreSQL",
        fails="a row is missing, differs, is only in Kafka, or is there more than once although "
        "the snapshot was not begun again",
        inconclusive=f"{UNREAD}, or the tables are empty",
    ),
    of_cdc.rows_of_snapshot,
    (snapshot.SNAPSHOT_ROWS,),
)
CHANGED_MEANWHILE = CheckDefinition(
    Words(
        "changed meanwhile",
        TOPIC,
        "Changes were committed while the snapshot was taken.",
        f"{ALL_EVENTS}, with the times of their commits",
        fails="",
        inconclusive="no snapshot event was seen, or no change fell into the snapshot",
        measures="always: the changes are counted",
    ),
    of_cdc.changed,
    (ARRIVALS,),
)
LOGGED_ERRORS = CheckDefinition(
    Words(
        "logged errors",
        TOPIC,
        "Kafka and Kafka Connect logged no error during the scenario.",
        "the lines that were added to their logs during the scenario; SKIPPED where this target "
        "can't read them",
        fails="a line of level ERROR or FATAL is not on the list of the harmless ones",
        inconclusive="the log of a part could not be read whole, or its levels are not understood",
    ),
    of_cdc.errors_logged,
    (LOGGED,),
    limit=none("lines"),
)

ALL = (SNAPSHOT_REPEATED, SNAPSHOT_ROWS, CHANGED_MEANWHILE, LOGGED_ERRORS)
