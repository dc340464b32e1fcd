"""Checks of what the producer did and what the log holds at the end."""

from __future__ import annotations

from support.checks.catalogue.entry import CheckEntry

TOPIC = "delivery"
READ_BACK = "one reading of the whole log by a fresh client after everything settled"
NOT_READ = "the log was not read to its end"

ENTRIES = (
    CheckEntry(
        "at-least-once configuration",
        TOPIC,
        "The settings in force without which nothing can be promised.",
        "settings of the clients, of Kafka Connect and its connector; those of every broker and "
        "topic by their own word",
        fails="a setting gives at-least-once delivery away, such as acks=0, errors.tolerance=all "
        "or a short retention",
        inconclusive="no broker or no topic was described, a captured table's topic is missing, or "
        "a setting that decides is not told or can't be read",
    ),
    CheckEntry(
        "accepted",
        TOPIC,
        "The broker confirmed every record of the load, with its offset.",
        "the delivery report of every record",
        fails="a record was rejected, timed out, was acknowledged without an offset (acks=0), or "
        "was never attempted",
        inconclusive="no record was attempted",
    ),
    CheckEntry(
        "lost",
        TOPIC,
        "A record that the broker acknowledged and that is not in the log at the end.",
        f"the delivery reports, and {READ_BACK}",
        fails="an acknowledged record is absent from the log",
        inconclusive=f"{NOT_READ}, or no record was acknowledged",
    ),
    CheckEntry(
        "phantom",
        TOPIC,
        "A record in the log that was never sent, or that the broker rejected.",
        f"every attempt of the producer, and {READ_BACK}",
        fails="a record was never sent, was rejected, or has a key that is not one of the load's",
        inconclusive=NOT_READ,
    ),
    CheckEntry(
        "corrupt",
        TOPIC,
        "A record whose payload is not the one that was sent under its key.",
        f"{READ_BACK}; what consumers were given; the payloads, made again from the seed",
        fails="a payload differs in any byte from the one that was sent",
        inconclusive=f"{NOT_READ}, or it is empty",
    ),
    CheckEntry(
        "damaged",
        TOPIC,
        "A stretch of the log that a client refuses to take.",
        READ_BACK,
        fails="the checksum of a batch does not fit, or the broker can't read it from its disk",
        inconclusive=f"none was found, and {NOT_READ}",
    ),
    CheckEntry(
        "reordered",
        TOPIC,
        "A record that stands in its partition after one that was sent later.",
        READ_BACK,
        fails="the first copies of two records of a partition are out of sending order",
        inconclusive=NOT_READ,
    ),
    CheckEntry(
        "log duplicates",
        TOPIC,
        "Records that stand at several offsets of the log: legal at least once.",
        READ_BACK,
        fails="",
        inconclusive=NOT_READ,
        measures="always: the surplus copies are counted",
    ),
    CheckEntry(
        "changed on re-read",
        TOPIC,
        "A place of the log that holds another record than it did before.",
        f"the acknowledged offsets, what consumers were given, and {READ_BACK}",
        fails="an offset holds another record than was acknowledged or delivered there",
        inconclusive=f"{NOT_READ}, or nothing was acknowledged or delivered before",
    ),
    CheckEntry(
        "log truncated",
        TOPIC,
        "The log ends before a place that it once had.",
        "the acknowledged offsets, what consumers were given, and the log's end offsets",
        fails="an acknowledged or delivered offset lies at or behind the end of its partition",
        inconclusive=NOT_READ,
    ),
    CheckEntry(
        "retention violated",
        TOPIC,
        "The broker deleted records that it must still keep.",
        "the log's start offsets after everything settled",
        fails="a partition of a topic that is minutes old begins above offset 0",
        inconclusive=NOT_READ,
    ),
    CheckEntry(
        "nothing twice",
        TOPIC,
        "A load without a fault is stored once and delivered once.",
        f"{READ_BACK}, and what consumers were given",
        fails="a record stands in the log twice, or was delivered twice",
        inconclusive=NOT_READ,
    ),
    CheckEntry(
        "broker stayed up",
        TOPIC,
        "The broker did not end by itself while a load ran; made only when it did.",
        "a broker whose process the suite can see",
        fails="the broker's process ended during the load; its last words are the evidence",
        inconclusive="never: it is made only when the broker ended",
    ),
)
