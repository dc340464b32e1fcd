"""What a producer's error says about the record: is it in the log?"""

from __future__ import annotations

from support import clock
from support.record.attempts import Outcome

MAYBE_WRITTEN = frozenset(
    {
        "_MSG_TIMED_OUT",
        "_TIMED_OUT",
        "_PURGE_INFLIGHT",
        "_TRANSPORT",
        "_DESTROY",
        "REQUEST_TIMED_OUT",
        "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        "NETWORK_EXCEPTION",
        "KAFKA_STORAGE_ERROR",
        "UNKNOWN",
    }
)
"""Errors after which the record may be in the log all the same."""

RETRY_BACKOFF_MS = 100
"""librdkafka's retry.backoff.ms."""


def outcome_of(error: str, waited_ns: int, backoff_ms: int = RETRY_BACKOFF_MS) -> Outcome:
    """The outcome of a record whose report came with an error, `waited_ns` after it was sent.

    REJECTED only when it can't have been sent twice: a first copy whose acknowledgement was lost
    may be stored, whatever became of the second. The shortest wait before a retry is 20 % below
    the configured one; half of it is on the safe side.
    """
    twice = waited_ns >= backoff_ms * clock.NS_PER_MS // 2
    return Outcome.UNKNOWN if error in MAYBE_WRITTEN or twice else Outcome.REJECTED
