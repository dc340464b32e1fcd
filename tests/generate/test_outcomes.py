"""What an error says about the record: is it in the log?"""

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
        # Sent twice: the first copy may be stored, and only its acknowledgement was lost.
        ("MSG_SIZE_TOO_LARGE", 80, Outcome.UNKNOWN),
        ("POLICY_VIOLATION", 12_000, Outcome.UNKNOWN),
    ],
)
def test_rejected_is_only_what_was_sent_once(error: str, waited_ms: int, outcome: Outcome) -> None:
    assert outcome_of(error, waited_ms * NS_PER_MS) is outcome
    assert outcome_of("POLICY_VIOLATION", 30 * NS_PER_MS, 40) is Outcome.UNKNOWN
