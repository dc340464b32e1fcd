"""The verdict of a run in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from support.checks.latency import P95
from support.report import tags
from support.report.headline import tagged
from support.report.limits import limit_of
from support.report.sections.faults import faults_of
from support.report.words import number
from support.results.schema import RunResult, ScenarioResult, Verdict
from support.results.units import counted


def answer(run: RunResult) -> str:
    """Return what a reader with five seconds has to know."""
    load = throughput(run)
    facts = [load, loss(run.scenarios), _deviations(run), _left_out(run)]
    sentence = "; ".join(filter(None, facts))
    said = f"{_lead(run, load)}{': ' if sentence else ''}{sentence}."
    scaled = f"Not an acceptance result (scale {run.scale:g}). " * (run.scale < 1)
    return scaled + said


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
    return "Kafka carries the load" if load else "Kafka passes"


def throughput(run: RunResult) -> str:
    """Return, for example, `1,000 messages/s at p95 6.2 ms of 100`; empty if it was not run."""
    for s in tagged(run, tags.THROUGHPUT):
        if s.load and s.latency:
            limit = limit_of(s, P95)
            of = f" of {limit.value:,g}" if limit else ""
            rate = number(s.load.throughput_per_s, 0)
            p95 = number(s.latency.intended_to_ack.p95_ms, 1)
            return f"{rate} messages/s at p95 {p95} ms{of}"
    return ""


def loss(scenarios: Iterable[ScenarioResult]) -> str:
    """Return, for example, `nothing lost in 21 faults`; empty if nothing counts losses."""
    found = list(scenarios)
    counts = [s.delivery.lost for s in found if s.delivery]
    counts += [s.cdc.missing for s in found if s.cdc]
    known = [count for count in counts if count is not None]
    if not counts:
        return ""
    faults = sum(map(faults_of, found))
    through = f" in {counted(faults, 'faults')}" if faults else ""
    lost = sum(known)
    what = f"{lost:,} messages or changes lost" if lost else "nothing lost"
    unknown = len(counts) - len(known)
    doubt = f", not counted in {counted(unknown, 'scenarios')}" if unknown else ""
    return f"{what}{through}{doubt}"


def _deviations(run: RunResult) -> str:
    count = _count(run, Verdict.DEVIATION)
    verb = "deviates" if count == 1 else "deviate"
    return f"{counted(count, 'scenarios')} {verb} from the specification" if count else ""


def _left_out(run: RunResult) -> str:
    count = _count(run, Verdict.SKIPPED)
    return f"{counted(count, 'scenarios')} could not run here" if count else ""


def _count(run: RunResult, verdict: Verdict) -> int:
    return sum(s.verdict is verdict for s in run.scenarios)
