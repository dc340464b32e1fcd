"""Stores librdkafka's delivery reports: what became of each record of a range."""

from __future__ import annotations

from confluent_kafka import KafkaError, Message

from support import clock
from support.generate.outcomes import outcome_of
from support.generate.payload import KEY_START
from support.record.attempts import AttemptColumns, Outcome


class DeliveryReports:
    """Writes acknowledgements and errors into the columns of one range of records.

    `first` is the number of the range's first record, which has position 0 in the columns.
    """

    def __init__(self, columns: AttemptColumns, first: int, retry_backoff_ms: int) -> None:
        self.columns, self.first = columns, first
        self._retry_backoff_ms = retry_backoff_ms

    def store(self, error: KafkaError | None, message: Message) -> None:
        """Stores one report; the callback of produce(). Must not raise: it is called from C."""
        columns = self.columns
        position = int(message.key()[KEY_START:-1]) - self.first
        if error is None:
            columns.acked_ns[position] = clock.now_ns()
            columns.partition[position] = message.partition()
            offset = message.offset()
            columns.offset[position] = -1 if offset is None else offset
            columns.outcome[position] = Outcome.ACKED
        else:
            columns.error[position] = error.code()
            waited = clock.now_ns() - columns.sent_ns[position]
            columns.outcome[position] = outcome_of(error.name(), waited, self._retry_backoff_ms)

    def refuse(self, position: int, error: KafkaError) -> None:
        """Stores that produce() refused a record: it was never sent."""
        self.columns.outcome[position] = Outcome.REJECTED
        self.columns.error[position] = error.code()
