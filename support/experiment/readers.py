"""The consumers of a trial: added by the steps, read to the end when the load settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from support import clock
from support.experiment.experiment import Trial
from support.read.consumer import GroupConsumer, distinct_offsets, reached
from support.read.member_order import MemberOrder
from support.record.sessions import GroupRead, Session
from support.waiting import wait_until


class Readers:
    """Consumers by name; those with the same purpose share a group."""

    def __init__(self, trial: Trial, topic: str) -> None:
        self._trial, self._topic = trial, topic
        self._consumers: dict[str, GroupConsumer] = {}

    def add(
        self,
        name: str,
        purpose: str,
        bootstrap: str,
        settings: Mapping[str, str] | None = None,
        processing_ms: float = 0.0,
    ) -> GroupConsumer:
        """A consumer with the baseline's settings and `settings` over them; not started yet."""
        trial = self._trial
        order = MemberOrder(
            bootstrap,
            self._topic,
            {**trial.stack.baseline.consumer, **(settings or {})},
            trial.settings.seed,
            str(trial.folder / name),
            processing_ms,
            commit_first=trial.settings.commit_first,
        )
        consumer = GroupConsumer(name, trial.group(purpose), order)
        self._consumers[name] = consumer
        trial.cleanup.callback(consumer.close)
        return consumer

    def __getitem__(self, name: str) -> GroupConsumer:
        return self._consumers[name]

    def __bool__(self) -> bool:
        return bool(self._consumers)

    def finish(self, ends: Mapping[int, int], idle: timedelta) -> tuple[GroupRead, ...]:
        """Let everyone read up to `ends`, until all are there or nothing new comes for `idle`.

        What a group was given before is no progress: in front of a damaged batch a client can go
        round for ever.
        """
        groups = set(self._groups())
        progress = [-1, clock.now_ns()]

        def done() -> bool:
            for consumer in self._consumers.values():
                consumer.processed()
            sessions = {group: self._sessions(group) for group in groups}
            count = sum(distinct_offsets(each) for each in sessions.values())
            if count != progress[0]:
                progress[:] = [count, clock.now_ns()]
            stalled = clock.now_ns() - progress[1] > idle.total_seconds() * clock.NS_PER_S
            return stalled or all(reached(each, ends) for each in sessions.values())

        wait_until(
            done,
            bool,
            timedelta(hours=1),
            "the consumers to reach the end of the log",
            every=timedelta(milliseconds=200),
        )
        for consumer in self._consumers.values():
            consumer.close()
        return tuple(self._read(group, ends) for group in dict.fromkeys(self._groups()))

    def errors(self) -> dict[str, Mapping[str, int]]:
        """Consumer -> what its client reported, by name; only those with something to report."""
        told = {name: consumer.errors() for name, consumer in self._consumers.items()}
        return {name: dict(errors) for name, errors in told.items() if errors}

    def slower(self, name: str, processing_ms: float) -> None:
        """Leave and start again at another pace."""
        consumer = self._consumers[name]
        consumer.leave()
        consumer.start(replace(consumer.order, processing_ms=processing_ms))

    def _groups(self) -> list[str]:
        return [consumer.group for consumer in self._consumers.values()]

    def _members(self, group: str) -> list[GroupConsumer]:
        return [consumer for consumer in self._consumers.values() if consumer.group == group]

    def _sessions(self, group: str) -> tuple[Session, ...]:
        return tuple(s for member in self._members(group) for s in member.sessions())

    def _read(self, group: str, ends: Mapping[int, int]) -> GroupRead:
        sessions = self._sessions(group)
        committed = self._trial.broker.committed(group, self._topic)
        return GroupRead(group, sessions, reached(sessions, ends), committed)
