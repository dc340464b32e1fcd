"""Checks of the pipeline that captures the team's tables (A-001)."""

from __future__ import annotations

from support.checks.events_of_changes import events_of_changes
from support.checks.retained_wal import abandoned_slots, retained_wal
from support.checks.team_connectors import connector_slots, connectors_running
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record.team_pipeline import PIPELINE
from support.results.limit import exactly

TOPIC = "cdc"
SLOTS_OF_THE_SERVER = "pg_replication_slots, at the beginning and at the end of a look"
NO_CONNECTOR = "no connector is known"
LEFT_OUT = "a connector that may be the team's is not judged"

CONNECTORS_RUNNING = CheckDefinition(
    Words(
        "connectors running",
        TOPIC,
        "Every connector on the database, and every task of it, is RUNNING.",
        "the connectors and their states, as Kafka Connect reports them",
        fails="Kafka Connect has no connector on the database, or a connector or a task is "
        "STOPPED, PAUSED, FAILED or not assigned",
        inconclusive=f"Kafka Connect does not report the state of a connector, or {LEFT_OUT}",
    ),
    lambda record: connectors_running(record[PIPELINE]),
    (PIPELINE,),
    limit=exactly(0, "connectors"),
)
CONNECTOR_SLOTS = CheckDefinition(
    Words(
        "connector slots",
        TOPIC,
        "Every connector reads its replication slot, and confirms what it has stored.",
        SLOTS_OF_THE_SERVER,
        fails="a slot is missing, lost or inactive, or its connector confirmed nothing within its "
        "heartbeat and a flush of offsets",
        inconclusive=f"{NO_CONNECTOR}, {LEFT_OUT}, or the name of its slot, or the heartbeat of "
        "one whose slot does not move, is kept outside its configuration, or that heartbeat comes "
        "more rarely than the look is long",
    ),
    lambda record: connector_slots(record[PIPELINE]),
    (PIPELINE,),
    limit=exactly(0, "slots"),
)
RETAINED_WAL = CheckDefinition(
    Words(
        "retained WAL",
        TOPIC,
        "The server keeps less write-ahead log for a connector than half of its own limit, or than "
        "1 GB without one.",
        f"{SLOTS_OF_THE_SERVER}, and max_slot_wal_keep_size",
        fails="it keeps more for a slot, or a slot is lost or about to be (wal_status)",
        inconclusive=f"no slot of a connector is known, or {LEFT_OUT}",
    ),
    lambda record: retained_wal(record[PIPELINE]),
    (PIPELINE,),
    limit=exactly(0, "slots"),
)
ABANDONED_SLOTS = CheckDefinition(
    Words(
        "abandoned slots",
        TOPIC,
        "No replication slot that nothing reads fills the disk of the server.",
        f"{SLOTS_OF_THE_SERVER}, of all databases",
        fails="an inactive slot of no connector keeps more than one segment of write-ahead log, "
        "and the server sets no limit",
        inconclusive="never: a server without slots has none that is abandoned",
    ),
    lambda record: abandoned_slots(record[PIPELINE]),
    (PIPELINE,),
    limit=exactly(0, "slots"),
)
EVENTS_OF_CHANGES = CheckDefinition(
    Words(
        "events of changes",
        TOPIC,
        "Every captured table that changes has new events.",
        "PostgreSQL's counters of changed rows, the end offsets of the topics, and the publication;"
        " SKIPPED if no captured table changes during the look",
        fails="a table changed without a new event, and its connector does not run or is behind; "
        "or a table that the connector names is not in its publication",
        inconclusive="a table changed without a new event for no known cause, the topic of a "
        f"changed table is not known, or {LEFT_OUT}",
    ),
    lambda record: events_of_changes(record[PIPELINE]),
    (PIPELINE,),
    limit=exactly(0, "tables"),
)

ALL = (
    CONNECTORS_RUNNING,
    CONNECTOR_SLOTS,
    RETAINED_WAL,
    ABANDONED_SLOTS,
    EVENTS_OF_CHANGES,
)
