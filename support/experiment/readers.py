"""The consumers of an experiment: added by steps, read to the end when the load settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from support import clock
from support.clients.kafka_address import KafkaAddress
from support.experiment.experiment import Experiment
from support.read.consumer import GroupConsumer, distinct_offsets, reached
from support.read.member_order import MemberOrder
from support.record.sessions import GroupRead, Session
from support.waiting import wait_until


class Readers:
    """Holds consumers by name; those with the same purpose share a group."""

    def __init__(self, experiment: Experiment, topic: str) -> None:
        self._experiment, self._topic = experiment, topic
        self._consumers: dict[str, GroupConsumer] = {}

    def add(
        self,
        name: str,
        purpose: str,
        kafka: KafkaAddress,
        settings: Mapping[str, str] | None = None,
        processing_ms: float = 0.0,
    ) -> GroupConsumer:
        """Adds a consumer, with `settings` over the baseline's, without starting it."""
        experiment = self._experiment
        order = MemberOrder(
            kafka,
            self._topic,
            {**experiment.stack.baseline.consumer, **(settings or {})},
            experiment.settings.seed,
            str(experiment.folder / name),
            processing_ms,
            commit_first=experiment.settings.commit_first,
        )
        consumer = GroupConsumer(name, experiment.group(purpose), order)
        self._consumers[name] = consumer
        experiment.cleanup.callback(consumer.close)
        return consumer

    def __getitem__(self, name: str) -> GroupConsumer:
        return self._consumers[name]

    def __bool__(self) -> bool:
        return bool(self._consumers)

    def finish(self, ends: Mapping[int, int], idle: timedelta) -> tuple[GroupRead, ...]:
        """Lets every group read up to `ends` (partition -> offset), and closes all consumers.

        Gives up when no group has received a new offset for `idle`. An offset that was received
        before is no progress: a client can fetch the batches before a damaged one again and again.
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
        """Returns consumer -> error -> count, without consumers that reported none."""
        reported = {name: consumer.errors() for name, consumer in self._consumers.items()}
        return {name: dict(errors) for name, errors in reported.items() if errors}

    def slower(self, name: str, processing_ms: float) -> None:
        """Makes a consumer leave its group and start again with another processing time."""
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
        committed = self._experiment.broker.committed(group, self._topic)
        return GroupRead(group, sessions, reached(sessions, ends), committed)
