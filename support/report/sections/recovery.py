"""How long clients waited until they were served again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from support.checks.cdc_help import NAME as WITHOUT_HELP
from support.checks.resumption import RESTART
from support.report import tags
from support.report.headline import Headline, check_of, limit_text, tagged, used_of, worst_of_check
from support.report.sections.section import Offered, Section
from support.report.words import number
from support.results.recovery import Recovery
from support.results.schema import RunResult, ScenarioResult, Verdict

RECOVERY = "recovery"
CONSUMER_RECOVERY, CONSUMER_RESTART = "recovery of the consumer", "restart of the consumer"
LONGEST_STALL = "longest stall"
"""Names of figures that can be compared."""

TERMS = ("served again", "recovery", "consumer recovery", "consumer restart", "longest stall")


def seconds_of(recovery: Recovery | None) -> tuple[float | None, ...]:
    """Returns the times in the order of TERMS."""
    if recovery is None:
        return (None,) * len(TERMS)
    return (
        recovery.ready_s,
        recovery.recovery_s,
        recovery.consumer_recovery_s,
        recovery.consumer_restart_s,
        recovery.stall_s,
    )


def restarted_by_the_suite(scenario: ScenarioResult) -> bool:
    """Whether a part did not recover by itself, so that the suite restarted it."""
    check = check_of(scenario, WITHOUT_HELP)
    return check is not None and check.verdict is Verdict.DEVIATION


def text(scenario: ScenarioResult) -> list[str]:
    """Returns the times that were measured."""
    times = zip(TERMS, seconds_of(scenario.recovery), strict=True)
    known = [f"{term} {number(seconds)} s" for term, seconds in times if seconds is not None]
    return [f"Recovery: {', '.join(known)}.", ""] if known else []


def brief(scenario: ScenarioResult) -> str:
    """Returns when clients were served again."""
    back = scenario.recovery
    return f"served again after {number(back.ready_s)} s" if back and back.ready_s else ""


def figures(scenario: ScenarioResult) -> Iterator[Offered]:
    """Returns every time except that of the suite's own client."""
    if scenario.recovery:
        back = scenario.recovery
        yield Offered(RECOVERY, back.recovery_s, "s")
        yield Offered(CONSUMER_RECOVERY, back.consumer_recovery_s, "s")
        yield Offered(CONSUMER_RESTART, back.consumer_restart_s, "s")
        yield Offered(LONGEST_STALL, back.stall_s, "s")


def headlines(run: RunResult) -> Iterator[Headline]:
    """Returns recoveries, which have no limit, and that of restarted consumers (SC-004)."""
    yield from _without_limit(run)
    consumers = [s for s in tagged(run, tags.CONSUMER_RECOVERY) if limit_text([s], RESTART)]
    slowest = _longest([s.recovery.consumer_restart_s for s in consumers if s.recovery])
    if slowest is not None:
        limit, verdict = limit_text(consumers, RESTART), worst_of_check(consumers, RESTART)
        what = "until a restarted consumer processes again"
        used = used_of(consumers, RESTART)
        yield Headline(what, f"at most {slowest:.1f} s", limit, verdict, used)


def _without_limit(run: RunResult) -> Iterator[Headline]:
    """Returns the slowest recovery of producers after broker restarts, and of database changes."""
    groups = {
        "recovery of producers after a broker restart": tagged(run, tags.BROKER_RESTART),
        "recovery of database changes after a fault": [s for s in run.scenarios if s.cdc],
    }
    for what, scenarios in groups.items():
        slowest = _longest([s.recovery.recovery_s for s in scenarios if s.recovery])
        if slowest is not None:
            yield Headline(what, f"at most {slowest:.1f} s", "", Verdict.MEASURED)


def _longest(times: Sequence[float | None]) -> float | None:
    return max((seconds for seconds in times if seconds is not None), default=None)


SECTION = Section(text, brief, figures=figures, headlines=headlines)
