"""What a consumer group did: its members' sessions, their commits and assignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from support.record.observed import Observations

NO_OFFSET = -1
"""In place of a committed offset where a group has none."""


class CommitOutcome(StrEnum):
    """What became of a commit, as far as its consumer knows."""

    OK = "ok"
    """The broker has confirmed it."""
    FAILED = "failed"
    """It was refused: the broker does not hold it."""
    UNKNOWN = "unknown"
    """No answer, or none that is certain: the broker may hold it."""


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
"""Answers after which the broker does not hold what was asked for, if it was asked only once."""
ASKED_ONCE_NS = 50_000_000
"""Half of librdkafka's retry.backoff.ms: a refusal that comes sooner answers no second attempt,
whose first one may have been stored."""


def outcome_of(error: str, took_ns: int) -> CommitOutcome:
    """The outcome of a commit answered after `took_ns`; `error`: its name, empty for none."""
    if not error:
        return CommitOutcome.OK
    certain = error in REFUSALS and took_ns < ASKED_ONCE_NS
    return CommitOutcome.FAILED if certain else CommitOutcome.UNKNOWN


@dataclass(frozen=True)
class Commit:
    """A consumer asks the broker, at this monotonic time, to keep `offset` as its next one."""

    at_ns: int
    partition: int
    offset: int
    outcome: CommitOutcome = CommitOutcome.UNKNOWN
    answered_ns: int = 0
    """0 without an answer."""
    error: str = ""


@dataclass(frozen=True)
class CommitAnswer:
    """The broker's answer to a commit of `offset`; `error`: its name, empty when it is stored."""

    at_ns: int
    partition: int
    offset: int
    error: str = ""


def answered(commits: Iterable[Commit], answers: Iterable[CommitAnswer]) -> tuple[Commit, ...]:
    """The commits with their outcomes; an answer belongs to the first commit of its partition and
    offset that has none yet."""
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
    """Partitions are `assigned` to a consumer, `revoked` from it, or `lost` without its consent."""

    at_ns: int
    kind: str
    partitions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Session:
    """One life of a consumer process: from its start to its end, in a group.

    `resumes_from`: the group's committed offsets, read from the broker before the session began,
    from `asked_ns` on (partition -> offset, NO_OFFSET without one); empty for a consumer's first
    session. `left`: not False unless it is known that it could not leave its group in an orderly
    way.
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
        """What was delivered under each assignment, in which a consumer must read straight on."""
        moments = self.assigned_ns[1:]
        if not moments:
            yield self.seen
            return
        numbers = np.searchsorted(np.array(moments, np.int64), self.seen.received_ns, "right")
        for number in range(len(moments) + 1):
            yield self.seen.where(numbers == number)

    @property
    def known_ns(self) -> int:
        """From when on `resumes_from` may be older than what the broker held."""
        return self.asked_ns or self.started_ns

    @property
    def assigned_ns(self) -> list[int]:
        """When partitions were assigned to it."""
        return [a.at_ns for a in self.assignments if a.kind == "assigned"]


@dataclass(frozen=True)
class GroupRead:
    """A consumer group: every session of every member, and whether it got to the log's end."""

    group: str
    sessions: tuple[Session, ...]
    drained: bool
    committed: Mapping[int, int] = field(default_factory=dict)
    """By the broker's word after all members had left; empty when it was not asked."""

    @cached_property
    def seen(self) -> Observations:
        """Everything that was delivered to the group, in the order of time."""
        return Observations.together([session.seen for session in self.sessions])

    @property
    def commits(self) -> tuple[Commit, ...]:
        """Of all members, in the order of time."""
        found = [commit for session in self.sessions for commit in session.commits]
        return tuple(sorted(found, key=lambda commit: commit.at_ns))

    def held(self, partition: int, before_ns: int | None = None) -> int | None:
        """The last offset that the broker was known to hold, before a moment or at the end: by a
        commit that it confirmed, or as it named it when a session began."""
        known = [
            (max(commit.at_ns, commit.answered_ns), commit.offset)
            for session in self.sessions
            for commit in session.commits
            if commit.partition == partition and commit.outcome is CommitOutcome.OK
        ]
        # As old as the question: what is confirmed before its answer may be newer.
        known += [
            (session.known_ns, session.resumes_from[partition])
            for session in self.sessions
            if session.resumes_from.get(partition, NO_OFFSET) != NO_OFFSET
        ]
        before = [each for each in known if before_ns is None or each[0] < before_ns]
        return max(before)[1] if before else None

    @property
    def consumers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(session.consumer for session in self.sessions))

    def seen_by(self, consumer: str) -> Observations:
        """Everything that was delivered to one member."""
        own = [session.seen for session in self.sessions if session.consumer == consumer]
        return Observations.together(own)
