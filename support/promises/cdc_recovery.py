"""Checks of how change data capture catches up, and of how it recovers from a fault."""

from __future__ import annotations

from support.checks.cdc_settled import CATCH_UP_S
from support.promises import of_cdc, of_cdc_recovery
from support.promises.cdc import ALL_EVENTS, NOTHING, TOPIC, UNREAD, none
from support.promises.definition import SINCE_READY, CheckDefinition, LimitedCheck
from support.promises.words import Words
from support.record.arrivals import ARRIVALS
from support.record.capture import CATCHING_UP, COMMITTED_OFFSET, RETURN, TASK
from support.record.changes import CHANGES
from support.record.events import EVENTS
from support.record.faults import FAULTS
from support.record.slots import SLOT
from support.results.limit import Limit, Operator

CDC_CAUGHT_UP = CheckDefinition(
    Words(
        "CDC caught up",
        TOPIC,
        "The event of the last committed change arrives at a reader.",
        "a reader that reads the topics the whole time, and the time of the last commit",
        fails=f"it arrived later than the limit ({CATCH_UP_S} s after commit or heal), or it never "
        "can",
        inconclusive=f"the reader died or is stuck, the wait was shorter than the limit, or "
        f"{NOTHING}",
    ),
    of_cdc.catches_up,
    (CHANGES, ARRIVALS, CATCHING_UP),
    limit=Limit(Operator.AT_MOST, CATCH_UP_S, "s"),
)
SLOT_CONFIRMED = CheckDefinition(
    Words(
        "slot confirmed",
        TOPIC,
        "The time from the last change until the replication slot confirmed everything.",
        "the replication slot's confirmed position, and the end of the write-ahead log",
        fails="",
        inconclusive="it was not confirmed in the rhythm of the connector's heartbeat",
        measures="always: it has no limit",
    ),
    of_cdc.confirmed,
    (CHANGES, SLOT),
)
REPLICATION_SLOT = CheckDefinition(
    Words(
        "replication slot",
        TOPIC,
        "The slot exists, is not lost, and the connector confirms what it has stored.",
        "the slot as PostgreSQL describes it",
        fails="it was dropped, PostgreSQL removed write-ahead log that was not read, or nothing "
        "was confirmed",
        inconclusive="nothing was confirmed, and the wait was shorter than the connector's "
        "heartbeat and offset flush take",
    ),
    of_cdc.slot,
    (SLOT,),
)
TASK_STATE = CheckDefinition(
    Words(
        "task state",
        TOPIC,
        "The connector and every task are RUNNING at the end.",
        "Kafka Connect's REST interface",
        fails="one of them has another state, or the worker does not answer",
        inconclusive="never: a worker that does not answer runs no task",
    ),
    of_cdc.task,
    (TASK,),
)
CDC_FAULT_EFFECT = CheckDefinition(
    Words(
        "CDC fault effect",
        TOPIC,
        "Whether the fault delayed changes: the longest time in which one waited and no event "
        "arrived.",
        "a reader that reads the topics the whole time, and the times of the fault",
        fails="",
        inconclusive="no change waited, or for less than the outage: the fault proved nothing",
        measures="always: the length of that time",
    ),
    of_cdc_recovery.effect,
    (CHANGES, ARRIVALS, FAULTS, RETURN),
)
CDC_RECOVERY_TIME = LimitedCheck(
    Words(
        "CDC recovery time",
        TOPIC,
        "From the beginning of the heal to the arrival of the first event of a new change.",
        "a reader that reads the topics the whole time, and the times of the fault",
        fails="no new event arrived, or it arrived above the limit, which counts from ready",
        inconclusive="the reader died or is stuck, it did not watch until the limit (180 s where "
        "there is none), or the verdict depends on the uncertainty of the clocks",
        measures="where it has no limit",
    ),
    SINCE_READY,
    of_cdc_recovery.recovered_within,
    (ARRIVALS, FAULTS, RETURN),
    unlimited=of_cdc_recovery.recovered,
)
BACK_WITHOUT_HELP = CheckDefinition(
    Words(
        "back without help",
        TOPIC,
        "The broken part works again after the fault has ended, without further help.",
        "what the suite had to start or restart until CDC streamed again",
        fails="a process that had been started ended again, and was started once more",
        inconclusive="never: the suite knows what it did",
        deviates="a FAILED task had to be restarted, which Kafka Connect never does itself, or the "
        "worker was restarted because no change had arrived",
    ),
    of_cdc_recovery.without_help,
    (FAULTS,),
    limit=none("restarts"),
)
RESENT_FROM_THE_COMMIT = CheckDefinition(
    Words(
        "resent from the commit",
        TOPIC,
        "After a restart nothing is sent again from before the committed source offset.",
        f"Connect's committed source offset before the restart, and {ALL_EVENTS}",
        fails="an event from before the committed source offset was sent again",
        inconclusive=f"{UNREAD}, Connect had committed no source offset, or no event arrived after "
        "the restart",
    ),
    of_cdc_recovery.resent_after_commit,
    (EVENTS, ARRIVALS, FAULTS, COMMITTED_OFFSET),
    limit=none("events"),
)
RESENT_BOUND = CheckDefinition(
    Words(
        "resent bound",
        TOPIC,
        "No event that is sent again is older than an offset flush can leave uncommitted.",
        f"offset.flush.interval.ms, the time of the restart, and {ALL_EVENTS}",
        fails="an event that was sent again is older than that",
        inconclusive=f"{UNREAD}, or the limit lies within the uncertainty of the clocks",
        measures="where nothing was sent again",
    ),
    of_cdc_recovery.resent_age,
    (EVENTS, ARRIVALS, FAULTS, COMMITTED_OFFSET),
)

ALL = (
    CDC_CAUGHT_UP,
    SLOT_CONFIRMED,
    REPLICATION_SLOT,
    TASK_STATE,
    CDC_FAULT_EFFECT,
    CDC_RECOVERY_TIME,
    BACK_WITHOUT_HELP,
    RESENT_FROM_THE_COMMIT,
    RESENT_BOUND,
)
