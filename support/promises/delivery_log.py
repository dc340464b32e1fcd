"""Checks of the settings, of the producer, and of the log at the end."""

from __future__ import annotations

from support.checks.accepted import accepted
from support.checks.changed import changed
from support.checks.configuration import at_least_once_configuration
from support.checks.configuration_worker import worker_configuration
from support.checks.corrupt import corrupt
from support.checks.damaged import damaged
from support.checks.delivery import count_delivery
from support.checks.log_duplicate import log_duplicate
from support.checks.phantom import phantom
from support.checks.redelivery import nothing_twice
from support.checks.reorder import reorder
from support.checks.retention import retention
from support.checks.truncated import truncated
from support.promises import of_faults
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record.archive import HISTORY
from support.record.broker_end import BROKER_END
from support.record.in_force import IN_FORCE
from support.results.limit import exactly

TOPIC = "delivery"
READ_BACK = "one reading of the whole log by a fresh client after everything has settled"
NOT_READ = "the log was not read to its end"

AT_LEAST_ONCE_CONFIGURATION = CheckDefinition(
    Words(
        "at-least-once configuration",
        TOPIC,
        "The settings in force allow at-least-once delivery.",
        "the settings of the clients, of Kafka Connect and its connector, and those that every "
        "broker and topic reports",
        fails="a setting breaks at-least-once delivery, such as acks=0, errors.tolerance=all or a "
        "short retention",
        inconclusive="no broker or no topic reported its settings, the topic of a captured table "
        "is missing, or a setting that decides is not known",
    ),
    lambda record: at_least_once_configuration(record[IN_FORCE]),
    (IN_FORCE,),
    limit=exactly(0, "wrong settings"),
)
WORKER_CONFIGURATION = CheckDefinition(
    Words(
        "worker configuration",
        TOPIC,
        "The settings of the Kafka Connect worker allow at-least-once delivery.",
        "the settings with which the suite started the worker, or the file of worker_config",
        fails="a setting of the worker, or of the producer inside it, breaks at-least-once "
        "delivery, such as producer.acks=1",
        inconclusive="the settings of the worker are not known",
    ),
    lambda record: worker_configuration(record[IN_FORCE]),
    (IN_FORCE,),
    limit=exactly(0, "wrong settings"),
)
ACCEPTED = CheckDefinition(
    Words(
        "accepted",
        TOPIC,
        "The broker acknowledged every record of the load, with its offset.",
        "the delivery report of every record",
        fails="a record was rejected, timed out, was acknowledged without an offset (acks=0), or "
        "was never attempted",
        inconclusive="no record was attempted",
    ),
    lambda record: accepted(record[HISTORY]),
    (HISTORY,),
)
LOST = CheckDefinition(
    Words(
        "lost",
        TOPIC,
        "A record that the broker acknowledged and that is not in the log at the end.",
        f"the delivery reports, and {READ_BACK}",
        fails="an acknowledged record is absent from the log",
        inconclusive=f"{NOT_READ}, or no record was acknowledged",
    ),
    of_faults.lost_records,
    (HISTORY,),
    limit=exactly(0, "records"),
)
PHANTOM = CheckDefinition(
    Words(
        "phantom",
        TOPIC,
        "A record in the log that was never sent, or that the broker rejected.",
        f"every attempt of the producer, and {READ_BACK}",
        fails="a record was never sent, was rejected, or has a key that is not one of the load's",
        inconclusive=NOT_READ,
    ),
    lambda record: phantom(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "records"),
)
CORRUPT = CheckDefinition(
    Words(
        "corrupt",
        TOPIC,
        "A record whose payload is not the one that was sent with its key.",
        f"{READ_BACK}, what consumers received, and the payloads, generated again from the seed",
        fails="a payload differs in any byte from the one that was sent",
        inconclusive=f"{NOT_READ}, or the log is empty",
    ),
    lambda record: corrupt(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "records"),
)
DAMAGED = CheckDefinition(
    Words(
        "damaged",
        TOPIC,
        "A batch of the log that a client refuses to read.",
        READ_BACK,
        fails="the checksum of a batch does not match, or the broker can't read it from its disk",
        inconclusive=f"none was found, and {NOT_READ}",
    ),
    lambda record: damaged(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "batches"),
)
REORDERED = CheckDefinition(
    Words(
        "reordered",
        TOPIC,
        "A record that is stored in its partition after one that was sent later.",
        READ_BACK,
        fails="the first copies of two records of a partition are not in sending order",
        inconclusive=NOT_READ,
    ),
    lambda record: reorder(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "records"),
)
LOG_DUPLICATES = CheckDefinition(
    Words(
        "log duplicates",
        TOPIC,
        "Records that are stored at more than one offset: legal under at-least-once delivery.",
        READ_BACK,
        fails="",
        inconclusive=NOT_READ,
        measures="always: the surplus copies are counted",
    ),
    lambda record: log_duplicate(record[HISTORY]),
    (HISTORY,),
)
CHANGED_ON_RE_READ = CheckDefinition(
    Words(
        "changed on re-read",
        TOPIC,
        "An offset of the log that holds another record than before.",
        f"the acknowledged offsets, what consumers received, and {READ_BACK}",
        fails="an offset holds another record than was acknowledged or delivered there",
        inconclusive=f"{NOT_READ}, or nothing was acknowledged or delivered before",
    ),
    lambda record: changed(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "offsets"),
)
LOG_TRUNCATED = CheckDefinition(
    Words(
        "log truncated",
        TOPIC,
        "The log ends before an offset that it once held.",
        "the acknowledged offsets, what consumers received, and the end offsets of the log",
        fails="an acknowledged or delivered offset is at or after the end of its partition",
        inconclusive=NOT_READ,
    ),
    lambda record: truncated(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "partitions"),
)
RETENTION_VIOLATED = CheckDefinition(
    Words(
        "retention violated",
        TOPIC,
        "The broker deleted records that it must still keep.",
        "the start offsets of the log after everything has settled",
        fails="a partition of a topic that is minutes old starts above offset 0",
        inconclusive=NOT_READ,
    ),
    lambda record: retention(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "partitions"),
)
NOTHING_TWICE = CheckDefinition(
    Words(
        "nothing twice",
        TOPIC,
        "A load without a fault is stored once and delivered once.",
        f"{READ_BACK}, and what consumers received",
        fails="a record is in the log twice, or was delivered twice to a group",
        inconclusive=NOT_READ,
    ),
    lambda record: nothing_twice(count_delivery(record[HISTORY])),
    (HISTORY,),
    limit=exactly(0, "records"),
)
BROKER_STAYED_UP = CheckDefinition(
    Words(
        "broker stayed up",
        TOPIC,
        "The broker's process did not end by itself while a load ran. Made only when it did.",
        "a broker whose process or container the suite can watch",
        fails="the broker's process ended during the load; the evidence is the end of its log",
        inconclusive="never: the check is made only when the broker ended",
    ),
    of_faults.stayed_up,
    (BROKER_END,),
)

ALL = (
    AT_LEAST_ONCE_CONFIGURATION,
    WORKER_CONFIGURATION,
    ACCEPTED,
    LOST,
    PHANTOM,
    CORRUPT,
    DAMAGED,
    REORDERED,
    LOG_DUPLICATES,
    CHANGED_ON_RE_READ,
    LOG_TRUNCATED,
    RETENTION_VIOLATED,
    NOTHING_TWICE,
    BROKER_STAYED_UP,
)
