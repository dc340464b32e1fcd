"""The verdict of a run in one sentence."""

from __future__ import annotations

from support.report.facts import loss, throughput
from support.report.requirements import COUNTED
from support.results.schema import GREEN, RunResult, Verdict
from support.results.units import counted


def answer(run: RunResult) -> str:
    """Returns what a reader with five seconds has to know."""
    load = throughput(run.scenarios)
    facts = [load, loss(run.scenarios), _deviations(run), _left_out(run)]
    sentence = "; ".join(filter(None, facts))
    said = f"{_lead(run, load)}{_and(run, sentence)}."
    scaled = f"Not an acceptance result (scale {run.scale:g}). " * (run.scale < 1)
    return scaled + said


def _and(run: RunResult, facts: str) -> str:
    """Appends the facts: after a colon to the statement that Kafka passes, else as a sentence."""
    if not facts:
        return ""
    if run.verdict is Verdict.PASS and not _not_in_this_run(run):
        return f": {facts}"
    return f". {facts[0].upper()}{facts[1:]}"


def _lead(run: RunResult, load: str) -> str:
    total = len(run.scenarios)
    if run.verdict is Verdict.FAIL:
        return f"Kafka does not pass, {_count(run, Verdict.FAIL)} of {total} scenarios failed"
    if run.verdict is Verdict.INCONCLUSIVE:
        unmeasured = _count(run, Verdict.INCONCLUSIVE)
        if not unmeasured:
            return "Not decided, the run as a whole is not valid"
        return f"Not decided, {unmeasured} of {total} scenarios could not be measured"
    if run.verdict is Verdict.SKIPPED:
        return "Nothing was tested"
    if absent := _not_in_this_run(run):
        passed = sum(s.verdict in GREEN for s in run.scenarios)
        ran = total - _count(run, Verdict.SKIPPED)
        return (
            f"{passed} of {ran} scenarios pass; {absent} of {len(COUNTED)} requirements were not "
            "part of this run"
        )
    return "Kafka carries the load" if load else "Kafka passes"


def _not_in_this_run(run: RunResult) -> int:
    """Returns how many requirements have no scenario in this run."""
    return len(set(COUNTED) - {tag for s in run.scenarios for tag in s.tags})


def _deviations(run: RunResult) -> str:
    count = _count(run, Verdict.DEVIATION)
    verb = "deviates" if count == 1 else "deviate"
    return f"{counted(count, 'scenarios')} {verb} from the specification" if count else ""


def _left_out(run: RunResult) -> str:
    count = _count(run, Verdict.SKIPPED)
    return f"{counted(count, 'scenarios')} could not run here" if count else ""


def _count(run: RunResult, verdict: Verdict) -> int:
    return sum(s.verdict is verdict for s in run.scenarios)
