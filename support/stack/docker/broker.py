"""A broker in a container."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from support.clients.broker import BrokerClient
from support.clients.kafka_address import KafkaAddress
from support.clients.readiness import FirstRecord
from support.stack.broker_start import StartingBroker
from support.stack.docker.container import Container

EVERY = timedelta(milliseconds=50)


class ContainerBroker(Container):
    """A container that runs a broker; implements BrokerControl."""

    def __init__(
        self,
        name: str,
        find: Callable[[], Any],
        log: Path,
        kafka: KafkaAddress,
        *,
        ours: bool = True,
        since_s: float | None = None,
    ) -> None:
        """`ours`: the suite configured it, so its log reports the start."""
        super().__init__(name, find, log, since_s)
        self.kafka, self._ours = kafka, ours

    def await_ready(self, within: timedelta) -> FirstRecord:
        """Waits until one record is acknowledged and fetched.

        Raises StackError: at once if the container ends, else when that does not happen in time.
        """
        # One client for all polls: a new one takes a second to find its broker.
        listens = self._has_started if self._ours else BrokerClient(self.kafka).answers
        starting = StartingBroker(
            self.kafka,
            self.alive,
            listens,
            EVERY,
            self.tail,
            self.last_words,
            f"docker logs {self.name}",
        )
        return starting.await_first_record(within)

    def _has_started(self) -> bool:
        """Whether its log says so: Docker's proxy accepts connections before the broker listens."""
        said = self._find().logs(since=self._spawned_s or None)
        return b"Kafka Server started" in said
