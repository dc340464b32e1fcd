"""accepted: the broker confirmed every record of the load.

A record is accepted when its delivery report came without an error and with the offset at
which the broker wrote it. A report without an offset (acks=0) proves nothing and counts as
not accepted. FAIL when any attempted record was rejected, timed out or is unproven, or when
the load ended before all records were attempted. INCONCLUSIVE when nothing was attempted.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from confluent_kafka import KafkaError

from support.checks.judged import not_measured, passed_if
from support.record.attempts import Outcome
from support.record.history import History
from support.results.schema import Check

NAME, UNIT = "accepted", "records"


def accepted(history: History) -> Check:
    attempts = history.attempts
    objective = f"all {len(attempts)} records acknowledged by the broker"
    if attempts.attempted == 0:
        return not_measured(NAME, UNIT, objective, "no record was attempted")
    proven = (attempts.outcome == Outcome.ACKED) & (attempts.offset >= 0)
    count = int(np.count_nonzero(proven))
    evidence = []
    unproven = attempts.count(Outcome.ACKED) - count
    if unproven:
        evidence.append(
            f"{unproven} reported as sent, but never confirmed by the broker (no offset)"
        )
    if attempts.attempted < len(attempts):
        evidence.append(f"{len(attempts) - attempts.attempted} never attempted")
    for code, number in Counter(attempts.error[attempts.error != 0].tolist()).most_common(5):
        evidence.append(f"{number} x {KafkaError(code).name()}: {KafkaError(code).str()}")
    return passed_if(count == len(attempts), NAME, count, UNIT, objective, evidence)
