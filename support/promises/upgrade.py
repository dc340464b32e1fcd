"""Checks of an upgrade: the version that runs after a step, and what clients noticed of it."""

from __future__ import annotations

from support.checks.upgraded import stall_during, version_after, way_back
from support.figures.upgrade import stalls_of_load
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record.archive import HISTORY
from support.record.faults import FAULTS
from support.record.load import LOAD
from support.record.upgrade import UPGRADE

TOPIC = "upgrade"

VERSION_AFTER = CheckDefinition(
    Words(
        "version after the step",
        TOPIC,
        "Every part that a step of an upgrade changes runs in the version that it should have.",
        "the broker's log and its features, and Kafka Connect's REST interface",
        fails="",
        inconclusive="a part reports another version, or none: the step was not taken",
        measures="always: the versions",
    ),
    lambda record: version_after(record[UPGRADE].after.versions, record[UPGRADE].wanted),
    (UPGRADE,),
)
STALL_DURING_THE_STEP = CheckDefinition(
    Words(
        "stall during the step",
        TOPIC,
        "The longest stall of the producer or of the consumer during a step of an upgrade.",
        "the times of all sends, acknowledgements and deliveries, and those of the step",
        fails="",
        inconclusive="no record waited during the step",
        measures="always: it has no limit",
    ),
    lambda record: stall_during(stalls_of_load(record)),
    (HISTORY, FAULTS, LOAD),
)
WAY_BACK_OPEN = CheckDefinition(
    Words(
        "way back",
        TOPIC,
        "Whether the version before the upgrade serves the data of the version after it.",
        "a start of the version before the upgrade on a copy of that data",
        fails="",
        inconclusive="it was not tried",
        measures="always: open or refused, with the broker's error",
    ),
    lambda record: way_back(record[UPGRADE].refused),
    (UPGRADE,),
)

ALL = (VERSION_AFTER, STALL_DURING_THE_STEP, WAY_BACK_OPEN)
