"""Consumer groups to which only legal things happen, simulated with a broker that keeps commits."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from support.record.observed import Observations
from support.record.sessions import Assignment, Commit, CommitOutcome, GroupRead, Session

STEP = 1000
"""Nanoseconds between two moments of a history."""


@dataclass
class Member:
    """A running session of a consumer; `position`: partition of its assignment -> next offset."""

    name: str
    started_ns: int
    resumes_from: Mapping[int, int] = field(default_factory=dict)
    position: dict[int, int] = field(default_factory=dict)
    processed: set[int] = field(default_factory=set)
    rows: list[tuple[int, int, int]] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    def session(self, ended_ns: int, *, killed: bool = False) -> Session:
        seen = Observations.of(self.rows)
        seen = dataclasses.replace(seen, received_ns=np.array(self.times, np.int64))
        return Session(
            self.name,
            seen,
            self.started_ns,
            ended_ns,
            killed,
            self.resumes_from,
            tuple(self.commits),
            tuple(self.assignments),
            not killed,
        )


class LegalGroup:
    """The broker's view of a group: its committed offsets, and the clock."""

    def __init__(self, luck: random.Random, number: int, log: Sequence[Sequence[int]]) -> None:
        self.luck, self.number, self.log = luck, number, log
        self.now, self.held = number + 1, dict.fromkeys(range(len(log)), 0)

    def tick(self) -> int:
        self.now += STEP
        return self.now

    def member(self, name: str, *, again: bool = False) -> Member:
        resumes = dict(self.held) if again else {}
        return Member(f"{name}-{self.number}", self.tick(), resumes)

    def assign(self, member: Member, partitions: Sequence[int]) -> None:
        member.position = {p: self.held[p] for p in partitions}
        member.processed = set()
        member.assignments.append(Assignment(self.tick(), "assigned", tuple(partitions)))

    def take_away(self, member: Member, kind: str) -> None:
        given = tuple(member.position)
        member.assignments.append(Assignment(self.tick(), kind, given))

    def read(self, member: Member, most: int) -> None:
        """Reads up to so many records of its partitions, and commits now and then."""
        for _ in range(most):
            rest = [p for p, at in member.position.items() if at < len(self.log[p])]
            if not rest:
                return
            p = self.luck.choice(rest)
            at = member.position[p]
            member.rows.append((self.log[p][at], p, at))
            member.times.append(self.tick())
            member.position[p] += 1
            member.processed.add(p)
            if self.luck.random() < 0.3:
                self.commit(member, self.luck.choice(("stored", "stored", "refused", "lost")))

    def commit(self, member: Member, what: str) -> None:
        """Commits its positions; with `lost`, the answer is lost, and perhaps the commit itself."""
        stored = what == "stored" or (what == "lost" and self.luck.random() < 0.5)
        asked, now = self.tick(), self.tick()
        outcome, answer, error = {
            "stored": (CommitOutcome.OK, now, ""),
            "refused": (CommitOutcome.FAILED, now, "ILLEGAL_GENERATION"),
            "lost": (CommitOutcome.UNKNOWN, 0, ""),
        }[what]
        for p in sorted(member.processed):
            offset = member.position[p]
            member.commits.append(Commit(asked, p, offset, outcome, answer, error))
            if stored:
                self.held[p] = offset


def legal_group(luck: random.Random, number: int, log: Sequence[Sequence[int]]) -> GroupRead:
    """Returns a group that is restarted, loses its assignment, or gets a second member."""
    group = LegalGroup(luck, number, log)
    happens = luck.choice((_restarted, _crashed, _assignment_lost, _second_member))
    sessions = happens(group, luck.randint(1, max(1, sum(map(len, log)) - 1)))
    return GroupRead(f"group-{number}", sessions, drained=True, committed=dict(group.held))


def _to_the_end(group: LegalGroup, member: Member) -> Session:
    group.read(member, 10_000)
    group.commit(member, "stored")
    return member.session(group.tick())


def _crashed(group: LegalGroup, moment: int) -> tuple[Session, ...]:
    first = group.member("reader")
    group.assign(first, list(group.held))
    group.read(first, moment)
    died = first.session(group.tick(), killed=True)
    second = group.member("reader", again=True)
    group.assign(second, list(group.held))
    return died, _to_the_end(group, second)


def _restarted(group: LegalGroup, moment: int) -> tuple[Session, ...]:
    first = group.member("reader")
    group.assign(first, list(group.held))
    group.read(first, moment)
    group.commit(first, "stored")
    left = first.session(group.tick())
    second = group.member("reader", again=True)
    group.assign(second, list(group.held))
    return left, _to_the_end(group, second)


def _assignment_lost(group: LegalGroup, moment: int) -> tuple[Session, ...]:
    """Lets a session time out: its commit is refused, and it starts again."""
    only = group.member("reader")
    group.assign(only, list(group.held))
    group.read(only, moment)
    group.commit(only, "refused")
    group.take_away(only, "lost")
    group.assign(only, list(group.held))
    return (_to_the_end(group, only),)


def _second_member(group: LegalGroup, moment: int) -> tuple[Session, ...]:
    first = group.member("reader")
    group.assign(first, list(group.held))
    group.read(first, moment)
    second = group.member("other")
    group.commit(first, "stored")
    group.take_away(first, "revoked")
    every = list(group.held)
    group.assign(first, every[::2])
    group.assign(second, every[1::2])
    group.read(second, moment)
    return _to_the_end(group, first), _to_the_end(group, second)
