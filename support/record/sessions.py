"""The history of a consumer group: the sessions of its members, their commits and assignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from support.record.observed import Observations

NO_OFFSET = -1
"""Stands for the committed offset of a partition where a group has none."""


class CommitOutcome(StrEnum):
    """The outcome of a commit, as far as its consumer knows."""

    OK = "ok"
    """The broker confirmed it."""
    FAILED = "failed"
    """The broker refused it and did not store it."""
    UNKNOWN = "unknown"
    """No answer, or an ambiguous one: the broker may have stored it."""


REFUSALS = frozenset(
    {
        "ILLEGAL_GENERATION",
        "UNKNOWN_MEMBER_ID",
        "REBALANCE_IN_PROGRESS",
        "FENCED_INSTANCE_ID",
        "NOT_COORDINATOR",
        "COORDINATOR_NOT_AVAILABLE",
        "COORDINATOR_LOAD_IN_PROGRESS",
        "GROUP_AUTHORIZATION_FAILED",
        "TOPIC_AUTHORIZATION_FAILED",
        "UNKNOWN_TOPIC_OR_PART",
        "OFFSET_METADATA_TOO_LARGE",
        "INVALID_COMMIT_OFFSET_SIZE",
        "_NO_OFFSET",
        "_STATE",
        "_WAIT_COORD",
    }
)
"""Errors after which the broker has not stored the commit, if it was sent only once."""
ASKED_ONCE_NS = 50_000_000
"""Half of librdkafka's retry.backoff.ms. A later refusal may answer a retry, and the first attempt
may have been stored."""


def outcome_of(error: str, took_ns: int) -> CommitOutcome:
    """Returns the outcome of a commit answered after `took_ns`; `error` is "" without one."""
    if not error:
        return CommitOutcome.OK
    certain = error in REFUSALS and took_ns < ASKED_ONCE_NS
    return CommitOutcome.FAILED if certain else CommitOutcome.UNKNOWN


@dataclass(frozen=True)
class Commit:
    """A commit of `offset` at a monotonic time; the offset is that of the next record to read."""

    at_ns: int
    partition: int
    offset: int
    outcome: CommitOutcome = CommitOutcome.UNKNOWN
    answered_ns: int = 0
    """0 without an answer."""
    error: str = ""


@dataclass(frozen=True)
class CommitAnswer:
    """The broker's answer to a commit of `offset`; `error` is "" when it was stored."""

    at_ns: int
    partition: int
    offset: int
    error: str = ""


def answered(commits: Iterable[Commit], answers: Iterable[CommitAnswer]) -> tuple[Commit, ...]:
    """Returns the commits with their outcomes.

    An answer belongs to the first commit of its partition and offset that has no answer yet.
    """
    made = list(commits)
    open_ones: dict[tuple[int, int], list[int]] = {}
    for number, commit in enumerate(made):
        open_ones.setdefault((commit.partition, commit.offset), []).append(number)
    for answer in answers:
        waiting = open_ones.get((answer.partition, answer.offset))
        if not waiting:
            continue
        number = waiting.pop(0)
        outcome = outcome_of(answer.error, answer.at_ns - made[number].at_ns)
        made[number] = replace(
            made[number], outcome=outcome, answered_ns=answer.at_ns, error=answer.error
        )
    return tuple(made)


@dataclass(frozen=True)
class Assignment:
    """A change of a consumer's partitions: `kind` is assigned, revoked, or lost without consent."""

    at_ns: int
    kind: str
    partitions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Session:
    """The time of a consumer process in a group, from its start to its end.

    `resumes_from`: partition -> the group's committed offset (NO_OFFSET without one), read from the
    broker at `asked_ns`, before the session started; empty for the first session of a consumer.
    `left` is False only if the consumer is known not to have left the group.
    """

    consumer: str
    seen: Observations
    started_ns: int = 0
    ended_ns: int = 0
    killed: bool = False
    resumes_from: Mapping[int, int] = field(default_factory=dict)
    commits: tuple[Commit, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    left: bool = True
    asked_ns: int = 0

    def epochs(self) -> Iterator[Observations]:
        """Yields the deliveries under each assignment; under one, a consumer must not jump."""
        moments = self.assigned_ns[1:]
        if not moments:
            yield self.seen
            return
        numbers = np.searchsorted(np.array(moments, np.int64), self.seen.received_ns, "right")
        for number in range(len(moments) + 1):
            yield self.seen.where(numbers == number)

    @property
    def known_ns(self) -> int:
        """The time of `resumes_from`: the broker may have stored newer commits since."""
        return self.asked_ns or self.started_ns

    @property
    def assigned_ns(self) -> list[int]:
        """The times at which partitions were assigned."""
        return [a.at_ns for a in self.assignments if a.kind == "assigned"]


@dataclass(frozen=True)
class GroupRead:
    """A consumer group: all sessions of its members, and whether it reached the end of the log."""

    group: str
    sessions: tuple[Session, ...]
    drained: bool
    committed: Mapping[int, int] = field(default_factory=dict)
    """Partition -> committed offset, read from the broker after all members had left; empty if it
    was not read."""

    @cached_property
    def seen(self) -> Observations:
        """Everything that was delivered to the group, in order of time."""
        return Observations.together([session.seen for session in self.sessions])

    @property
    def commits(self) -> tuple[Commit, ...]:
        """The commits of all members, in order of time."""
        found = [commit for session in self.sessions for commit in session.commits]
        return tuple(sorted(found, key=lambda commit: commit.at_ns))

    def held(self, partition: int, before_ns: int | None = None) -> int | None:
        """Returns the last offset that the broker is known to have stored, or None.

        Known from a confirmed commit, or from the committed offsets read before a session. With
        `before_ns`, only what was known before that time.
        """
        known = [
            (max(commit.at_ns, commit.answered_ns), commit.offset)
            for session in self.sessions
            for commit in session.commits
            if commit.partition == partition and commit.outcome is CommitOutcome.OK
        ]
        # As old as the request: a commit confirmed before its response may be newer.
        known += [
            (session.known_ns, session.resumes_from[partition])
            for session in self.sessions
            if session.resumes_from.get(partition, NO_OFFSET) != NO_OFFSET
        ]
        before = [each for each in known if before_ns is None or each[0] < before_ns]
        return max(before)[1] if before else None

    @property
    def consumers(self) -> tuple[str, ...]:
        """The names of the members."""
        return tuple(dict.fromkeys(session.consumer for session in self.sessions))

    def seen_by(self, consumer: str) -> Observations:
        """Returns everything that was delivered to one member."""
        own = [session.seen for session in self.sessions if session.consumer == consumer]
        return Observations.together(own)
