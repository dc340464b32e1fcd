"""Checks of what consumer groups received and committed."""

from __future__ import annotations

from support.checks.commit_ahead import commit_ahead
from support.checks.commit_regression import commit_regression
from support.checks.final_commit import final_commit
from support.checks.groups import cross_talk, divided
from support.checks.poll_backwards import poll_backwards
from support.checks.poll_skip import poll_skip
from support.checks.rebalance import rebalance
from support.checks.received import received
from support.checks.redelivery import redelivery
from support.checks.resumed import position_kept, resumed
from support.checks.unseen import unseen
from support.promises import of_faults
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.delivery_log import NOT_READ, READ_BACK, TOPIC
from support.promises.words import Words
from support.record.archive import HISTORY
from support.record.consumers import CONSUMERS
from support.results.limit import exactly

JOURNALS = "the journal of each consumer, written before a record counts as processed"
NO_GROUP = "no consumer group read along"
RECEIVED_NOTHING = "no record was delivered to a consumer group"
NO_COMMIT = "no consumer group committed an offset"

RECEIVED = LimitedCheck(
    Words(
        "received",
        TOPIC,
        "Every consumer group received as many different records as the scenario says.",
        JOURNALS,
        fails="a group received fewer different records, or more",
        inconclusive=NO_GROUP,
    ),
    "different records",
    lambda record, limit: received(record[HISTORY], int(limit.value)),
    (HISTORY,),
)
UNSEEN = CheckDefinition(
    Words(
        "unseen",
        TOPIC,
        "A record that is in the log and was never delivered to a consumer group.",
        f"{JOURNALS}, and {READ_BACK}",
        fails="a group did not receive a record of the log, or did not reach its end in time",
        inconclusive=f"{NOT_READ}, the log is empty, or {NO_GROUP}",
    ),
    lambda record: unseen(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "records"),
)
REDELIVERED = CheckDefinition(
    Words(
        "redelivered",
        TOPIC,
        "Further deliveries of an offset to a group: legal under at-least-once delivery.",
        JOURNALS,
        fails="",
        inconclusive=NO_GROUP,
        measures="always: the deliveries are counted",
    ),
    lambda record: redelivery(record[HISTORY]),
    (HISTORY,),
)
POLL_SKIP = CheckDefinition(
    Words(
        "poll skip",
        TOPIC,
        "A consumer skips a record under one assignment.",
        f"{JOURNALS}, its assignments, the acknowledged offsets, and {READ_BACK}",
        fails="between two consecutive deliveries under one assignment lies an offset that held a "
        "record",
        inconclusive=f"{NOT_READ}, or {RECEIVED_NOTHING}",
    ),
    lambda record: poll_skip(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "gaps"),
)
NON_MONOTONIC_POLL = CheckDefinition(
    Words(
        "non-monotonic poll",
        TOPIC,
        "A consumer receives an offset again, or an earlier one, without a new assignment.",
        f"{JOURNALS}, and its assignments",
        fails="under one assignment, the offsets of a partition do not rise",
        inconclusive=RECEIVED_NOTHING,
    ),
    lambda record: poll_backwards(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "deliveries"),
)
COMMIT_AHEAD_OF_PROCESSING = CheckDefinition(
    Words(
        "commit ahead of processing",
        TOPIC,
        "A group commits an offset before it has processed all records below it.",
        f"{JOURNALS}, every commit with its time, and {READ_BACK}",
        fails="a record below a committed offset was not yet processed at the time of the commit",
        inconclusive=f"{NOT_READ}, or {NO_COMMIT}",
    ),
    lambda record: commit_ahead(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "commits"),
)
COMMIT_REGRESSION = CheckDefinition(
    Words(
        "commit regression",
        TOPIC,
        "A group commits a lower offset than the broker has already confirmed.",
        "every commit of every member of the group, with its time and outcome",
        fails="a confirmed commit of a partition is below an earlier confirmed one",
        inconclusive=f"{NO_COMMIT}, no commit was confirmed, or it is not known whether a lower "
        "one was stored",
    ),
    lambda record: commit_regression(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "commits"),
)
FINAL_COMMIT = CheckDefinition(
    Words(
        "final commit",
        TOPIC,
        "At the end, the committed offset is the one after the last processed record.",
        "the committed offsets, read from the broker after all members have left, and the journals",
        fails="a committed offset does not follow the last processed record",
        inconclusive=f"{RECEIVED_NOTHING}, the committed offsets were not read, or a missing "
        "commit may never have reached the broker",
    ),
    lambda record: final_commit(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "partitions"),
)
UNEXPECTED_REBALANCE = CheckDefinition(
    Words(
        "unexpected rebalance",
        TOPIC,
        "Partitions are assigned again without a cause.",
        "the assignments of all members, their starts and ends, and the times of the faults",
        fails="a member gets another assignment, although no member joined or left, and there was "
        "no fault",
        inconclusive="no consumer was ever assigned a partition",
    ),
    lambda record: rebalance(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "assignments"),
)
GROUP_CROSS_TALK = CheckDefinition(
    Words(
        "group cross-talk",
        TOPIC,
        "Two groups take records from each other.",
        f"the journals of at least two groups, and {READ_BACK}",
        fails="the other group received what one group missed, and vice versa",
        inconclusive=f"{NOT_READ}, or there is only one group",
    ),
    lambda record: cross_talk(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "pairs"),
)
DIVIDED_AMONG_MEMBERS = CheckDefinition(
    Words(
        "divided among members",
        TOPIC,
        "The consumers of a group divide the log among themselves.",
        "the journals of a group with at least two consumers",
        fails="a consumer of the group received no record, or all of them",
        inconclusive="no group has more than one consumer",
    ),
    lambda record: divided(record[HISTORY]),
    (HISTORY,),
)
RESUMED = CheckDefinition(
    Words(
        "resumed",
        TOPIC,
        "A consumer that takes over a partition continues at its group's committed offset.",
        "the committed offsets, as the broker reports them, the commits, and the journals",
        fails="the first delivery of a partition is below the last confirmed commit, or above the "
        "offset after the last processed record",
        inconclusive="no consumer took over a partition",
    ),
    lambda record: resumed(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "partitions"),
)
POSITION_KEPT = CheckDefinition(
    Words(
        "position kept",
        TOPIC,
        "Through a fault, a consumer kept its assignment or resumed, and missed no record.",
        f"{JOURNALS}, its assignments, and {READ_BACK}",
        fails="it resumed elsewhere than at the committed offset, skipped a record, or went back",
        inconclusive="there was no fault, nothing was delivered both before and after it, or "
        f"{NOT_READ}",
    ),
    lambda record: position_kept(record[HISTORY]),
    (HISTORY,),
    limit=exactly(0, "partitions"),
)
REDELIVERY_BOUND = CheckDefinition(
    Words(
        "redelivery bound",
        TOPIC,
        "After a restart, only records are delivered again that were processed since the last "
        "stored commit.",
        "the journals of a consumer before and after its restart, and its commits",
        fails="more records are delivered again than the consumer processes in a commit interval "
        "and the time of one commit",
        inconclusive="no consumer was restarted, or none of its commits was confirmed",
    ),
    of_faults.redelivered,
    (HISTORY, CONSUMERS),
)
CONSUMER_RESTART_TIME = LimitedCheck(
    Words(
        "consumer restart time",
        TOPIC,
        "From the start of a restarted consumer to the first record that it processed (SC-004).",
        "the start of the consumer, and its journal",
        fails="the time is not below the limit (5 s)",
        inconclusive="the restarted consumer received no record",
        deviates="a dynamic member is above the limit only because the broker waits for the end of "
        "the crashed member's session",
    ),
    "s",
    of_faults.restart_time,
    (HISTORY, CONSUMERS),
)

ALL = (
    RECEIVED,
    UNSEEN,
    REDELIVERED,
    POLL_SKIP,
    NON_MONOTONIC_POLL,
    COMMIT_AHEAD_OF_PROCESSING,
    COMMIT_REGRESSION,
    FINAL_COMMIT,
    UNEXPECTED_REBALANCE,
    GROUP_CROSS_TALK,
    DIVIDED_AMONG_MEMBERS,
    RESUMED,
    POSITION_KEPT,
    REDELIVERY_BOUND,
    CONSUMER_RESTART_TIME,
)
