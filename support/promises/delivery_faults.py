"""Checks of what clients noticed of a fault, and of their recovery."""

from __future__ import annotations

from support.checks.stuck import stuck
from support.promises import of_faults
from support.promises.definition import CheckDefinition
from support.promises.delivery_log import TOPIC
from support.promises.words import Words
from support.record.archive import HISTORY
from support.record.faults import FAULTS
from support.record.load import LOAD
from support.results.limit import exactly

FAULT_EFFECT = CheckDefinition(
    Words(
        "fault effect",
        TOPIC,
        "The longest stall that a fault caused: a record waited, and none was acknowledged.",
        "the time of every acknowledgement, and of the fault's proof and heal",
        fails="",
        inconclusive="the fault was not proven, no record was acknowledged before or after it, or "
        "there was no stall: the fault proved nothing",
        measures="always: the length of the stall",
    ),
    of_faults.effect,
    (HISTORY, FAULTS),
)
RECOVERY_TIME = CheckDefinition(
    Words(
        "recovery time",
        TOPIC,
        "From the start of the heal to the first acknowledgement of a new record.",
        "the time of every acknowledgement, and of the heal",
        fails="",
        inconclusive="no new record was acknowledged after the heal",
        measures="always: it has no limit",
    ),
    of_faults.recovered,
    (HISTORY, FAULTS, LOAD),
)
CONSUMER_RECOVERY_TIME = CheckDefinition(
    Words(
        "consumer recovery time",
        TOPIC,
        "From the start of the heal to the first new record that the consumer processed.",
        "the journal of the consumer, and the time of the heal",
        fails="",
        inconclusive="no new record was processed after the heal",
        measures="always: it has no limit",
    ),
    of_faults.consumer_recovered,
    (HISTORY, FAULTS, LOAD),
)
WORKED_AGAIN = CheckDefinition(
    Words(
        "worked again",
        TOPIC,
        "After the heal, clients are served again.",
        "a record that is written and read after the heal",
        fails="clients are not served again within the fault's time limit",
        inconclusive="never: that clients are not served is a result",
    ),
    of_faults.works_again,
    (FAULTS,),
)
STUCK_AFTER_HEAL = CheckDefinition(
    Words(
        "stuck after heal",
        TOPIC,
        "After the heal of a fault, a client makes no progress.",
        "the times of all sends, acknowledgements and deliveries, and of the heal",
        fails="records waited, and none was acknowledged after the heal, or a group that had not "
        "reached the end of the log received nothing",
        inconclusive="there was no fault, or nothing was left to do after the heal",
    ),
    lambda record: stuck(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "clients"),
)

ALL = (
    FAULT_EFFECT,
    RECOVERY_TIME,
    CONSUMER_RECOVERY_TIME,
    WORKED_AGAIN,
    STUCK_AFTER_HEAL,
)
