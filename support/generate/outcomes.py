"""Maps a producer's error to the outcome of the record: may it be in the log?"""

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
"""Errors after which the record may nevertheless be in the log."""

RETRY_BACKOFF_MS = 100
"""librdkafka's default of retry.backoff.ms."""


def outcome_of(error: str, waited_ns: int, backoff_ms: int = RETRY_BACKOFF_MS) -> Outcome:
    """Returns the outcome of a record whose report named `error`, `waited_ns` after it was sent.

    It is REJECTED only if the record can't have been sent twice. Otherwise the first copy may be
    stored and its acknowledgement lost, whatever became of the second copy. librdkafka waits at
    least 80 % of the configured back-off before a retry; half of it is a safe bound.
    """
    maybe_sent_twice = waited_ns >= backoff_ms * clock.NS_PER_MS // 2
    maybe_written = error in MAYBE_WRITTEN or maybe_sent_twice
    return Outcome.UNKNOWN if maybe_written else Outcome.REJECTED
