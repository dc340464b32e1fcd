"""Checks of what consumer groups were given, and of what they committed."""

from __future__ import annotations

from support.checks.catalogue.delivery_log import NOT_READ, READ_BACK, TOPIC
from support.checks.catalogue.entry import CheckEntry

JOURNALS = "the journal of each consumer, on disk before a record counts as processed"
NO_GROUP = "no consumer group read along"
GIVEN_NOTHING = "no consumer group was given anything"
NO_COMMIT = "no consumer group committed anything"

ENTRIES = (
    CheckEntry(
        "received",
        TOPIC,
        "Every group was given as many different records as the scenario says.",
        JOURNALS,
        fails="a group was given fewer different records, or more",
        inconclusive=NO_GROUP,
    ),
    CheckEntry(
        "unseen",
        TOPIC,
        "A record that is in the log and was never given to a consumer group.",
        f"{JOURNALS}, and {READ_BACK}",
        fails="a group was not given a record of the log, or did not get to its end in time",
        inconclusive=f"{NOT_READ}, it is empty, or {NO_GROUP}",
    ),
    CheckEntry(
        "redelivered",
        TOPIC,
        "Deliveries of a place of the log to one group beyond the first: legal at least once.",
        JOURNALS,
        fails="",
        inconclusive=NO_GROUP,
        measures="always: the deliveries are counted",
    ),
    CheckEntry(
        "poll skip",
        TOPIC,
        "A consumer goes on behind a record that it was not given.",
        f"{JOURNALS}, its assignments, the acknowledged offsets, and {READ_BACK}",
        fails="between two deliveries under one assignment lies a place that held a record",
        inconclusive=f"{NOT_READ}, or {GIVEN_NOTHING}",
    ),
    CheckEntry(
        "non-monotonic poll",
        TOPIC,
        "A consumer is given an offset again, or an earlier one, without a new assignment.",
        f"{JOURNALS}, and its assignments",
        fails="offsets of a partition do not rise under one assignment",
        inconclusive=GIVEN_NOTHING,
    ),
    CheckEntry(
        "commit ahead of processing",
        TOPIC,
        "A group commits an offset before it has processed what stands before it.",
        f"{JOURNALS}, every commit with its time, and {READ_BACK}",
        fails="a record below a committed offset was not yet processed at the time of the commit",
        inconclusive=f"{NOT_READ}, or {NO_COMMIT}",
    ),
    CheckEntry(
        "commit regression",
        TOPIC,
        "A group commits a lower offset than it committed before.",
        "every commit of every member of the group, with its time",
        fails="a confirmed commit of a partition is below an earlier one that was confirmed",
        inconclusive=f"{NO_COMMIT}, or nobody knows whether a lower one was stored",
    ),
    CheckEntry(
        "final commit",
        TOPIC,
        "After everything the broker holds the offset up to which the group has processed.",
        "the committed offsets by the broker's word after all members left, and the journals",
        fails="a committed offset is not the one behind the last processed record",
        inconclusive=f"{GIVEN_NOTHING}, or the broker was not asked",
    ),
    CheckEntry(
        "unexpected rebalance",
        TOPIC,
        "Partitions change hands although nothing happened that explains it.",
        "the assignments of every member, starts and ends of all members, times of the faults",
        fails="a member is assigned again without a member that came or went, or a fault",
        inconclusive="no consumer was ever assigned a partition",
    ),
    CheckEntry(
        "group cross-talk",
        TOPIC,
        "Two groups take records away from each other.",
        f"the journals of at least two groups, and {READ_BACK}",
        fails="what one group missed was given to the other, and the other way round",
        inconclusive=f"{NOT_READ}, or there is only one group",
    ),
    CheckEntry(
        "divided among members",
        TOPIC,
        "Consumers that share a group id divide the log among them.",
        "the journals of a group with at least two consumers",
        fails="a consumer of the group was given nothing, or everything",
        inconclusive="no group has more than one consumer",
    ),
    CheckEntry(
        "resumed",
        TOPIC,
        "A consumer that takes a partition over goes on where its group's last commit left it.",
        "the committed offsets by the broker's word, the outcome of every commit, and the journals",
        fails="the first delivery of a partition lies before what the broker had confirmed, or "
        "behind what the group had processed",
        inconclusive="no consumer took a partition over",
    ),
    CheckEntry(
        "place kept",
        TOPIC,
        "Through a fault a consumer kept its assignment, or resumed, and missed nothing.",
        f"{JOURNALS}, its assignments, and {READ_BACK}",
        fails="it resumed elsewhere than at the commit, skipped a record, or went back",
        inconclusive=f"nothing was broken, nothing was delivered before and after, or {NOT_READ}",
    ),
    CheckEntry(
        "redelivery bound",
        TOPIC,
        "What is delivered again after a restart is no more than a commit interval can hold.",
        "the journals of a consumer before and after its restart",
        fails="more records are delivered again than were processed since the last commit that "
        "was not under way at the crash",
        inconclusive="no consumer was started again, or none of its commits was confirmed",
    ),
    CheckEntry(
        "consumer restart time",
        TOPIC,
        "From the start of a restarted consumer to the first record that it processed (SC-004).",
        "start and journal of the consumer",
        fails="it is not below the limit (5 s)",
        inconclusive="the restarted consumer was given nothing",
        deviates="a dynamic member is above the limit only because its crashed predecessor's "
        "session had to end",
    ),
)
