"""accepted: the broker acknowledged every record of the load.

A record is accepted when its delivery report has no error and states the offset at which the
broker stored it. A report without an offset (acks=0) proves nothing and does not count. FAIL when a
record was rejected, timed out, was reported without an offset or was never attempted. INCONCLUSIVE
when no record was attempted.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from confluent_kafka import KafkaError

from support.checks.judged import not_measured, passed_if
from support.record.attempts import Outcome
from support.record.history import History
from support.results.limit import exactly
from support.results.schema import Check
from support.results.units import counted

NAME, UNIT = "accepted", "records"


def accepted(history: History) -> Check:
    attempts = history.attempts
    objective = f"all {len(attempts)} records acknowledged by the broker"
    limit = exactly(len(attempts), UNIT)
    if attempts.attempted == 0:
        return not_measured(NAME, UNIT, objective, "no record was attempted")
    proven = (attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0)
    count = int(np.count_nonzero(proven))
    evidence = []
    unproven = attempts.count(Outcome.ACKED) - count
    if unproven:
        evidence.append(
            f"{counted(unproven, 'records')} reported as sent, but never confirmed by the broker "
            "(no offset)"
        )
    if attempts.attempted < len(attempts):
        skipped = len(attempts) - attempts.attempted
        evidence.append(f"{counted(skipped, 'records')} never attempted")
    for code, number in Counter(attempts.error[attempts.error != 0].tolist()).most_common(5):
        evidence.append(f"{number} x {KafkaError(code).name()}: {KafkaError(code).str()}")
    return passed_if(limit.allows(count), NAME, count, UNIT, objective, evidence, limit)
