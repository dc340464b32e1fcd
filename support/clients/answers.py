"""Waits for the broker's answer to an administrative request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.interruption import interruptible

PATIENCE = timedelta(seconds=30)


def answer(future: Any, kafka: KafkaAddress) -> Any:
    """The result of a future of librdkafka's AdminClient.

    Raises StackError if there is none within PATIENCE, and KafkaException if the broker refuses.
    """
    try:
        with interruptible():
            refused = future.exception(timeout=PATIENCE.total_seconds())
    except TimeoutError as error:
        raise StackError(
            f"The broker {kafka} did not answer an administrative request.",
            seen=f"nothing within {PATIENCE.total_seconds():g} s",
            then="make status, then make logs",
        ) from error
    if refused is not None:
        # A copy: the traceback of the future's exception would refer to this frame, and so to the
        # future itself. Python frees such a cycle late, and with it the client and its threads.
        raise type(refused)(*refused.args)
    return future.result()
