"""A broker in a container."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException

from support.clients.broker import BrokerClient
from support.clients.readiness import FirstRecord, prove_ready
from support.errors import Explained, NotInTime, StackError
from support.stack.docker.container import Container
from support.waiting import wait_until


class ContainerBroker(Container):
    """Implements ports.BrokerControl. `ours`: it logs as Kafka does in our containers, so that it
    need not be asked before it says that it has started."""

    def __init__(
        self,
        name: str,
        find: Callable[[], Any],
        log: Path,
        bootstrap: str,
        *,
        ours: bool = True,
        since_s: float | None = None,
    ) -> None:
        super().__init__(name, find, log, since_s)
        self.bootstrap, self._ours = bootstrap, ours

    def await_ready(self, within: timedelta) -> FirstRecord:
        """Ready = one record acknowledged and fetched. Fails at once when the container ends."""
        # One for all looks: a client takes a second to find its broker.
        client = None if self._ours else BrokerClient(self.bootstrap)
        try:
            wait_until(
                lambda: self._listens(client) or not self.alive(),
                bool,
                within,
                f"the broker to listen in {self.name}",
                every=timedelta(milliseconds=50),
            )
            if self.alive():
                return prove_ready(self.bootstrap, within)
        except (NotInTime, KafkaException, Explained) as error:
            if self.alive():
                raise StackError(
                    f"The broker on {self.bootstrap} runs but does not serve clients.",
                    seen=f"{error}\n{self.tail()}",
                    then=f"docker logs {self.name}",
                ) from error
        raise StackError(
            "The broker's container ended while it started.",
            seen="\n    " + "\n    ".join(self.last_words().splitlines()),
            cause="a setting that Kafka rejects (baseline/broker.properties or -D broker.KEY), "
            "or too little memory for -D kafka_heap",
            then=f"docker logs {self.name}",
        )

    def _listens(self, client: BrokerClient | None) -> bool:
        """By its own word, because Docker's proxy accepts connections before anything listens; of
        a broker of others, whose words are not known, by an answer."""
        if client is not None:
            return client.answers()
        said = self._find().logs(since=self._spawned_s or None)
        return b"Kafka Server started" in said
