"""Waits for a broker that was started: until it serves a record, or until it has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from confluent_kafka import KafkaException

from support.clients.kafka_address import KafkaAddress
from support.clients.readiness import FirstRecord, prove_ready
from support.errors import Explained, NotInTime, StackError
from support.waiting import wait_until

SHOWN = 12


@dataclass(frozen=True)
class StartingBroker:
    """A broker whose process was started, whatever runs it.

    `listens`: whether it has begun to accept clients; called at intervals of `every`. `tail`: the
    last lines of its log. `last_words`: the last errors of a broker that ended. `read_log`: the
    command that shows the whole log.
    """

    kafka: KafkaAddress
    alive: Callable[[], bool]
    listens: Callable[[], bool]
    every: timedelta
    tail: Callable[[], str]
    last_words: Callable[[], str]
    read_log: str

    def await_first_record(self, within: timedelta) -> FirstRecord:
        """Waits until one record is acknowledged and fetched.

        Raises StackError: at once if the process ends, else when that does not happen in time.
        """
        try:
            wait_until(
                lambda: self.listens() or not self.alive(),
                bool,
                within,
                f"the broker to listen on {self.kafka}",
                every=self.every,
            )
            if self.alive():
                return prove_ready(self.kafka, within)
        except (NotInTime, KafkaException, Explained) as error:
            if self.alive():
                raise StackError(
                    f"The broker on {self.kafka} runs but does not serve clients.",
                    seen=f"{error}\n{self.tail()}",
                    then=self.read_log,
                ) from error
        raise ended_while_starting(self.last_words(), self.read_log)


def ended_while_starting(words: str, read_log: str) -> StackError:
    """The error about a broker that ended. `words`: what it logged; stack traces are left out."""
    lines = [line for line in words.splitlines() if line.strip() and not line.startswith("\tat ")]
    return StackError(
        "The broker ended while it started.",
        seen="\n    " + "\n    ".join(lines[-SHOWN:] or ["(it logged nothing)"]),
        cause="a setting that Kafka rejects (baseline/broker.properties or -D broker.KEY), "
        "or too little memory for -D kafka_heap",
        then=read_log,
    )
