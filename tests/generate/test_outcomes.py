"""The outcome of a record follows from its error and the time that it waited."""

from __future__ import annotations

import pytest

from support.clock import NS_PER_MS
from support.generate.outcomes import outcome_of
from support.record.attempts import Outcome


@pytest.mark.parametrize(
    ("error", "waited_ms", "outcome"),
    [
        ("MSG_SIZE_TOO_LARGE", 4, Outcome.REJECTED),
        ("_MSG_TIMED_OUT", 4, Outcome.UNKNOWN),
        # May have been sent twice: the first copy is stored if only its acknowledgement was lost.
        ("MSG_SIZE_TOO_LARGE", 80, Outcome.UNKNOWN),
        ("POLICY_VIOLATION", 12_000, Outcome.UNKNOWN),
    ],
)
def test_only_a_record_that_was_sent_once_is_rejected(
    error: str, waited_ms: int, outcome: Outcome
) -> None:
    assert outcome_of(error, waited_ms * NS_PER_MS) is outcome


def test_a_shorter_retry_backoff_makes_a_second_copy_possible_sooner() -> None:
    assert outcome_of("POLICY_VIOLATION", 30 * NS_PER_MS, 100) is Outcome.REJECTED
    assert outcome_of("POLICY_VIOLATION", 30 * NS_PER_MS, 40) is Outcome.UNKNOWN
