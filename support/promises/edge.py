"""Checks of the edge cases: full disk, large events, controller, lag and retention."""

from __future__ import annotations

from support.promises import of_edges
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record import sizes
from support.record.archive import HISTORY
from support.record.controller import CONTROLLER
from support.record.disk import DISK
from support.record.faults import FAULTS
from support.record.sizes import EVENT_SIZES, LARGE_ROWS, STOPPED_TASK
from support.results.limit import at_most, exactly

TOPIC = "edge"

DISK_FULL = CheckDefinition(
    Words(
        "disk full",
        TOPIC,
        "A broker whose disk is full names the cause in its log.",
        "a broker on a small file system, its free space, and its log",
        fails="the log does not contain 'No space left on device'",
        inconclusive="the disk was not full",
    ),
    of_edges.full,
    (DISK, FAULTS),
)
ERROR_AT_THE_PRODUCER = CheckDefinition(
    Words(
        "error at the producer",
        TOPIC,
        "A producer with a short timeout gets an error for a record that was not stored.",
        "one record that is sent while the disk is full",
        fails="the record was acknowledged",
        inconclusive="no record was sent while the disk was full",
    ),
    of_edges.producer_answered,
    (DISK,),
)
RESUMES_AFTER_SPACE_IS_FREED = CheckDefinition(
    Words(
        "resumes after space is freed",
        TOPIC,
        "Once space is freed, the broker serves clients again without a restart (EC-1).",
        "a broker on a small file system that was full",
        fails="",
        inconclusive="the disk was never full",
        deviates="the broker stopped or served no client, and had to be started again",
    ),
    of_edges.resumes,
    (DISK,),
)
SIZES = CheckDefinition(
    Words(
        "sizes",
        TOPIC,
        "Events up to the limit are stored intact, and larger ones are refused for their size.",
        "the outcome of one event of each size, and the event as it is read back",
        fails="an event was refused although it fits, stored in spite of the limit, refused for "
        "another reason, or changed when it was read again",
        inconclusive="no event was sent",
    ),
    of_edges.by_size,
    (EVENT_SIZES,),
)
SIZE_LIMITS = CheckDefinition(
    Words(
        "size limits",
        TOPIC,
        "The size limits on the path from the database to the consumer match.",
        "the settings of producer, Kafka Connect and consumer, and those that the broker reports "
        "for the topic; SKIPPED if the limit of Connect's producer is not known",
        fails="one part accepts a size that the next one refuses",
        inconclusive="the broker does not report the topic's max.message.bytes",
    ),
    of_edges.limits_match,
    (sizes.SIZE_LIMITS,),
    limit=exactly(0, "mismatches"),
)
TASK_OUTCOME = CheckDefinition(
    Words(
        "task outcome",
        TOPIC,
        "A row whose event is too large stops the connector's task, with an error that names the "
        "size.",
        "the task's state and trace, from Kafka Connect's REST interface",
        fails="the task did not stop, or its error does not name the size",
        inconclusive="never: a task that does not stop is a result",
    ),
    of_edges.task_stopped,
    (STOPPED_TASK,),
)
ROWS_WHOLE = CheckDefinition(
    Words(
        "rows whole",
        TOPIC,
        "The last event of every large row has the value of the row in PostgreSQL.",
        "the digest of every row, from its last event and from PostgreSQL",
        fails="a row has no event, or its last event has another value",
        inconclusive="no row was written",
    ),
    of_edges.rows_arrived,
    (LARGE_ROWS,),
    limit=exactly(0, "rows"),
)
CONTROLLER_EFFECT = CheckDefinition(
    Words(
        "controller effect",
        TOPIC,
        "During the outage of the controller, no request was answered that only it can decide.",
        "requests that only the controller can answer",
        fails="",
        inconclusive="a request was answered or failed for another reason, or none was made",
        measures="always: the requests without an answer are counted",
    ),
    of_edges.without_controller,
    (CONTROLLER,),
)
SERVED_MEANWHILE = CheckDefinition(
    Words(
        "served meanwhile",
        TOPIC,
        "Without its controller, the broker still serves existing topics and groups.",
        "the acknowledgements, deliveries and committed offsets during the outage",
        fails="acknowledgements or deliveries stalled for more than 2 s, or the committed offsets "
        "did not advance",
        inconclusive="no consumer read along, or nothing was sent during the outage or until its "
        "end",
    ),
    of_edges.served,
    (HISTORY, FAULTS, CONTROLLER),
    limit=at_most(2, "s"),
)
DECIDES_AGAIN = CheckDefinition(
    Words(
        "decides again",
        TOPIC,
        "After the heal, the controller answers requests again.",
        "requests that only the controller can answer",
        fails="a request is refused or not answered",
        inconclusive="no request was made",
    ),
    of_edges.decides,
    (CONTROLLER,),
)
CONTROLLER_RECOVERY_TIME = CheckDefinition(
    Words(
        "controller recovery time",
        TOPIC,
        "From the start of the controller's heal until a topic was created.",
        "the times of the fault",
        fails="",
        inconclusive="no topic was created after the heal",
        measures="always: it has no limit",
    ),
    of_edges.decision_time,
    (FAULTS,),
)

ALL = (
    DISK_FULL,
    ERROR_AT_THE_PRODUCER,
    RESUMES_AFTER_SPACE_IS_FREED,
    SIZES,
    SIZE_LIMITS,
    TASK_OUTCOME,
    ROWS_WHOLE,
    CONTROLLER_EFFECT,
    SERVED_MEANWHILE,
    DECIDES_AGAIN,
    CONTROLLER_RECOVERY_TIME,
)
