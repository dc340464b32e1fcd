"""A real topic with what a producer did to it, and what its history is in the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from support.clients.connection import client_config
from support.experiment.experiment import Trial
from support.read.consumer import reached
from support.read.log_reader import read_whole_log
from support.record.attempts import Attempts
from support.record.history import History
from support.record.sessions import GroupRead, Session
from tests.contract.red.consumer import CarelessConsumer
from tests.contract.red.producer import send

COUNT = 20


class Topic:
    """Of a trial."""

    def __init__(self, trial: Trial, **settings: str) -> None:
        self.trial, self.bootstrap = trial, trial.stack.endpoints.bootstrap
        self.name = f"{trial.name}-sabotaged"
        self._settings = {**trial.stack.baseline.topic, **settings}
        self.group = trial.group("readers")
        self.attempts = Attempts.of(outcome=[])
        trial.add_topic(self.name, self._settings)

    def fill(self, records: Sequence[int] = range(COUNT), **how: Any) -> Topic:
        """See send()."""
        self.attempts = send(self.bootstrap, self.name, records, **how)
        return self

    def consumer(self, name: str = "reader", **how: Any) -> CarelessConsumer:
        """See CarelessConsumer; every one is in the same group."""
        return CarelessConsumer(self.trial, self.name, self.group, name, **how)

    def delete_up_to(self, offset: int) -> None:
        """An operator deletes the records before it from partition 0."""
        admin = AdminClient(client_config(self.bootstrap))
        for future in admin.delete_records([TopicPartition(self.name, 0, offset)]).values():
            future.result(timeout=30)

    @property
    def partitions(self) -> int:
        return int(self._settings["partitions"])

    def recreate(self) -> None:
        """An operator deletes the topic, and creates it again."""
        self.trial.broker.delete_topics([self.name])
        self.trial.broker.create_topic(self.name, self._settings)

    def read_by(self, *sessions: Session, name: str = "") -> GroupRead:
        """What a group did, with its committed offsets by the broker's word."""
        broker = self.trial.broker
        drained = reached(sessions, broker.end_offsets(self.name))
        committed = broker.committed(self.group, self.name)
        return GroupRead(name or self.group, sessions, drained, committed)

    def history(
        self, *groups: GroupRead, disturbances: tuple[tuple[int, int], ...] = ()
    ) -> History:
        """With the whole log, read as after every load."""
        log = read_whole_log(
            self.bootstrap,
            self.name,
            self.trial.payloads,
            self.trial.folder / "log.journal",
            timedelta(seconds=10),
        )
        return History(self.attempts, log, groups, disturbances)
