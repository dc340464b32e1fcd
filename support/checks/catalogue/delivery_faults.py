"""Checks of what a fault did, and of how clients came back."""

from __future__ import annotations

from support.checks.catalogue.delivery_log import TOPIC
from support.checks.catalogue.entry import CheckEntry

ENTRIES = (
    CheckEntry(
        "fault effect",
        TOPIC,
        "Whether clients felt the fault: a gap in the acknowledgements while it was broken.",
        "the time of every acknowledgement; when the fault was proven broken, and healed",
        fails="",
        inconclusive="nothing was proven broken, no acknowledgement came before or after, or there "
        "was no gap: then the fault proved nothing",
        measures="always: the length of the gap",
    ),
    CheckEntry(
        "recovery time",
        TOPIC,
        "From the beginning of the heal to the first acknowledgement of a new record.",
        "the time of every acknowledgement, and when the heal began",
        fails="",
        inconclusive="no new record was acknowledged after the heal",
        measures="always: it has no limit",
    ),
    CheckEntry(
        "consumer recovery time",
        TOPIC,
        "From the beginning of the heal to the first new record that the consumer processed.",
        "the journal of the consumer, and when the heal began",
        fails="",
        inconclusive="no new record was processed after the heal",
        measures="always: it has no limit",
    ),
    CheckEntry(
        "worked again",
        TOPIC,
        "After the heal clients are served again.",
        "a record written and read after the heal",
        fails="clients are not served again within the patience of the fault",
        inconclusive="never: what stays broken is the result",
    ),
    CheckEntry(
        "stuck after heal",
        TOPIC,
        "What was broken works again, and yet a client does not go on.",
        "times of all sends, acknowledgements and deliveries, and of the heal",
        fails="no open record was acknowledged after the heal, or a group that is not at the end "
        "was given nothing",
        inconclusive="nothing was broken, or nothing was left to do after the heal",
    ),
)
