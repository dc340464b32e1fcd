"""A real topic, what a producer did to it, and the resulting history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from support.clients.broker import BrokerClient
from support.clients.connection import client_config
from support.experiment.experiment import Experiment
from support.read.consumer import reached
from support.read.log_reader import read_whole_log
from support.record.archive import HISTORY
from support.record.attempts import Attempts
from support.record.history import History
from support.record.sessions import GroupRead, Session
from tests.contract.red.consumer import CarelessConsumer
from tests.contract.red.producer import send

COUNT = 20


class Topic:
    """A topic of an experiment, created empty with the baseline's `settings` overridden."""

    def __init__(self, trial: Experiment, **settings: str) -> None:
        self.trial, self.kafka = trial, trial.stack.endpoints.kafka
        self.name = f"{trial.name}-sabotaged"
        self._settings = {**trial.stack.baseline.topic, **settings}
        self.group = trial.group("readers")
        self.attempts = Attempts.of(outcome=[])
        trial.add_topic(self.name, self._settings)

    def fill(self, records: Sequence[int] = range(COUNT), **how: Any) -> Topic:
        """Sends records; the arguments are those of send()."""
        self.attempts = send(self.kafka, self.name, records, **how)
        return self

    def consumer(self, name: str = "reader", **how: Any) -> CarelessConsumer:
        """Returns a consumer with these arguments; all consumers of a topic share one group."""
        return CarelessConsumer(self.trial, self.name, self.group, name, **how)

    def delete_up_to(self, offset: int) -> None:
        """Deletes the records before an offset of partition 0, as an operator can."""
        admin = AdminClient(client_config(self.kafka))
        for future in admin.delete_records([TopicPartition(self.name, 0, offset)]).values():
            future.result(timeout=30)

    @property
    def partitions(self) -> int:
        """Number of partitions."""
        return int(self._settings["partitions"])

    def recreate(self) -> None:
        """Deletes the topic and creates it again, as an operator can.

        The experiment has another client from then on: librdkafka 2.8 corrupts its metadata cache,
        and crashes later, when a topic that it knows has another id (librdkafka issue #4964).
        """
        self.trial.broker.delete_topics([self.name])
        self.trial.objects.client = BrokerClient(self.kafka)
        self.trial.broker.create_topic(self.name, self._settings)

    def read_by(self, *sessions: Session, name: str = "") -> GroupRead:
        """Returns what a group did, with the committed offsets that the broker holds."""
        broker = self.trial.broker
        drained = reached(sessions, broker.end_offsets(self.name))
        committed = broker.committed(self.group, self.name)
        return GroupRead(name or self.group, sessions, drained, committed)

    def record(self, *groups: GroupRead, disturbances: tuple[tuple[int, int], ...] = ()) -> History:
        """Reads the whole log as after every load, and records what happened to the topic.

        Returns the history as read back from the record.
        """
        log = read_whole_log(
            self.kafka,
            self.name,
            self.trial.payloads,
            self.trial.folder / "log.journal",
            timedelta(seconds=10),
        )
        self.trial.record.write(HISTORY, History(self.attempts, log, groups, disturbances))
        return self.trial.record[HISTORY]
