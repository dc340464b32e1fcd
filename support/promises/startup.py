"""Checks of the time that a broker takes to start."""

from __future__ import annotations

from support.promises import of_startups
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.performance import TOPIC
from support.promises.words import Words
from support.record.startups import STARTUPS

START_UP_TIME = LimitedCheck(
    Words(
        "start-up time",
        TOPIC,
        "From the start of the broker's process to the first acknowledged record (SC-002).",
        "an isolated broker, or one that may be stopped",
        fails="the slowest start is not below 10 s, or the broker does not become ready",
        inconclusive="the broker was not ready, and the suite waited for less than the limit",
    ),
    "s",
    of_startups.time,
    (STARTUPS,),
)
START_UP_TIME_AFTER_A_CRASH = LimitedCheck(
    Words(
        "start-up time after a crash",
        TOPIC,
        "The start-up time of a broker that was killed with SIGKILL.",
        "an isolated broker, or one that may be stopped, and its log",
        fails="the slowest start is not below 10 s for another reason, or the broker does not "
        "become ready",
        inconclusive="the broker was not ready, and the suite waited for less than the limit",
        deviates="the start is above 10 s only because the broker waits for the session of the "
        "crashed broker to end, as its log proves",
    ),
    "s",
    of_startups.time_after_crash,
    (STARTUPS,),
)
START_UP_SPREAD = CheckDefinition(
    Words(
        "start-up spread",
        TOPIC,
        "The difference between the slowest and the fastest of several starts.",
        "at least three starts from the same state",
        fails="",
        inconclusive="there were fewer than three starts, or one of them did not become ready",
        measures="always: it has no limit",
    ),
    of_startups.spread,
    (STARTUPS,),
)

ALL = (
    START_UP_TIME,
    START_UP_TIME_AFTER_A_CRASH,
    START_UP_SPREAD,
)
