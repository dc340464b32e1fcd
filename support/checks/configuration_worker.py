"""worker configuration: the settings of Kafka Connect's worker allow at-least-once (A-002).

Judges the producer inside Kafka Connect with all that sets it (Connect's defaults, the worker's
`producer.*`, a connector's `producer.override.*` and the worker's policy for them), how often the
worker commits source offsets, and its converters. INCONCLUSIVE when these settings are not known: a
worker does not report them, and a value can be kept elsewhere (`${env:...}`).
"""

from __future__ import annotations

from support.checks.configuration_capture import producer_in_force, worker_findings
from support.checks.configuration_hidden import hidden_of_worker
from support.checks.judged import not_measured, passed_if, some
from support.record.in_force import InForce
from support.results.limit import exactly
from support.results.schema import Check

NAME, UNIT = "worker configuration", "wrong settings"
BY_FILE = "judged as the file of worker_config has it: a worker can't confirm its settings"
OBJECTIVE = "acks=all, retries, no reordering, offsets committed every 10 s or sooner"


def worker_configuration(given: InForce) -> Check:
    """Returns PASS, FAIL with each wrong setting, or INCONCLUSIVE if the worker is not known."""
    captures = given.captures()
    if not captures:
        why = "; ".join(some(given.not_known)) or "there is no connector"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    unknown = [name for name, each in captures.items() if each.worker is None]
    if unknown:
        why = "a worker does not report its settings, and no file with them is given"
        return not_measured(NAME, UNIT, OBJECTIVE, why)
    try:
        wrong = [line for each in captures.values() for line in worker_findings(each)]
    except ValueError as error:
        return not_measured(NAME, UNIT, OBJECTIVE, f"a value can't be read: {error}")
    wrong = list(dict.fromkeys(wrong))
    hidden = list(dict.fromkeys(x for each in captures.values() for x in hidden_of_worker(each)))
    if hidden and not wrong:
        return not_measured(NAME, UNIT, OBJECTIVE, f"not known: {'; '.join(some(hidden))}")
    shown = [line for each in captures.values() for line in producer_in_force(each)]
    by_file = [] if all(each.own for each in captures.values()) else [BY_FILE]
    limit, evidence = exactly(0, UNIT), [*(wrong or dict.fromkeys(shown)), *by_file]
    return passed_if(not wrong, NAME, len(wrong), UNIT, OBJECTIVE, evidence, limit)
