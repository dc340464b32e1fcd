"""Topics and consumer groups of one scenario on one broker, deleted when the scenario ends."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cached_property

from support.clients.broker import BrokerClient
from support.clients.disk_guard import guarded
from support.errors import NotInTime
from support.stack.capabilities import ProcessControl
from support.stack.lifecycle import Stack
from support.waiting import wait_until


class BrokerObjects:
    """Creates topics and names groups, and deletes all of them.

    Every name begins with `prefix`, which no other run uses: others may test the same broker.
    """

    def __init__(self, stack: Stack, prefix: str) -> None:
        self._stack, self._prefix = stack, prefix
        self._topics: list[str] = []
        self._groups: list[str] = []

    @cached_property
    def client(self) -> BrokerClient:
        """One client for the whole scenario: a new one takes a second to connect."""
        return BrokerClient(self._stack.endpoints.kafka)

    def create_topic(self, purpose: str) -> str:
        """Creates a topic with the baseline's topic settings, and returns its name."""
        name = f"{self._prefix}-{purpose}"
        self.add_topic(name, self._stack.baseline.topic)
        return name

    def add_topic(self, name: str, config: Mapping[str, str]) -> None:
        """Creates an empty topic, whose size is limited so that no load can fill the disk.

        A topic of that name is deleted first.
        """
        self.client.delete_topics([name])
        # Before the request: an interruption leaves open whether the broker has carried it out.
        self._topics.append(name)
        self.client.create_topic(name, guarded(config))

    def own_topics(self, *names: str) -> None:
        """Takes over topics that Kafka Connect creates for this scenario."""
        self._topics += names

    def group(self, purpose: str) -> str:
        """Returns the name of a consumer group."""
        name = f"{self._prefix}-{purpose}"
        if name not in self._groups:
            self._groups.append(name)
        return name

    def await_broker(self, within: timedelta) -> None:
        """Waits until the broker answers, or until `within` has passed.

        It may have been healed a moment ago; an interrupted run does not wait for that.
        """
        with suppress(NotInTime):
            wait_until(self.client.answers, bool, within, "the broker to answer")

    def delete(self, within: timedelta) -> None:
        """Deletes groups and topics once the broker answers; nothing on a broker that ended."""
        if broker_lives(self._stack):
            self.await_broker(within)
            try:
                self.client.delete_groups(self._groups)
            finally:
                self.client.delete_topics(self._topics)


def broker_lives(stack: Stack) -> bool:
    """False only where the suite can see that the broker's process has ended."""
    return not isinstance(stack, ProcessControl) or stack.broker().alive()
