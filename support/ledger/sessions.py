"""What a consumer group did: its members' sessions, their commits and assignments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from support.ledger.observed import Observations

NO_OFFSET = -1
"""In place of a committed offset where a group has none."""


@dataclass(frozen=True)
class Commit:
    """A consumer asks the broker, at this monotonic time, to keep `offset` as its next one."""

    at_ns: int
    partition: int
    offset: int


@dataclass(frozen=True)
class Assignment:
    """Partitions are `assigned` to a consumer, `revoked` from it, or `lost` without its consent."""

    at_ns: int
    kind: str
    partitions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Session:
    """One life of a consumer process: from its start to its end, in a group.

    `resumes_from`: the group's committed offsets, read from the broker before the session began
    (partition -> offset, NO_OFFSET without one); empty for a consumer's first session.
    """

    consumer: str
    seen: Observations
    started_ns: int = 0
    ended_ns: int = 0
    killed: bool = False
    resumes_from: Mapping[int, int] = field(default_factory=dict)
    commits: tuple[Commit, ...] = ()
    assignments: tuple[Assignment, ...] = ()

    def epochs(self) -> Iterator[Observations]:
        """What was delivered under each assignment, in which a consumer must read straight on."""
        moments = [a.at_ns for a in self.assignments if a.kind == "assigned"][1:]
        if not moments:
            yield self.seen
            return
        numbers = np.searchsorted(np.array(moments, np.int64), self.seen.received_ns, "right")
        for number in range(len(moments) + 1):
            yield self.seen.where(numbers == number)


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

    @property
    def consumers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(session.consumer for session in self.sessions))

    def seen_by(self, consumer: str) -> Observations:
        """Everything that was delivered to one member."""
        own = [session.seen for session in self.sessions if session.consumer == consumer]
        return Observations.together(own)
