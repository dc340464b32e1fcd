"""Judges a recorded run again, without a broker: `python -m support.checks RUN`.

RUN is a folder in reports/, such as reports/latest. Every check of every scenario is judged again
from the scenario's record, with the limit in run.json, and compared with the check in run.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.checks.judged import strictly
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.registry import BY_NAME
from support.promises.verdicts import verdict_of
from support.record.record import Record
from support.results.schema import Check, RunResult, ScenarioResult, Verdict, worst
from support.results.store import file_name

LEDGER = "ledger"
"""The folder of a run that holds a folder for each scenario's record."""


@dataclass(frozen=True)
class Again:
    """A check as recorded in run.json, and as judged now; `now` is None if it can't be judged."""

    scenario: ScenarioResult
    then: Check
    now: Check | None
    why: str = ""
    """Why it can't be judged."""

    @property
    def same(self) -> bool:
        """Whether both have the same verdict, limit and measured value."""
        now = self.now
        return (
            now is not None
            and now.verdict is self.then.verdict
            and now.limit == self.then.limit
            and _plain(now.measured) == _plain(self.then.measured)
        )


def judged_again(run: RunResult, folder: Path, *, strict: bool = False) -> Iterator[Again]:
    """Yields every check of a run, judged again from the records in the run's `folder`.

    `strict` turns every DEVIATION into a FAIL, as in the run's setting.
    """
    for scenario in run.scenarios:
        record = Record(folder / LEDGER / file_name(scenario.feature, scenario.name))
        for check in scenario.checks:
            yield _again(scenario, check, record, strict)


def scenario_verdicts(checks: Sequence[Again]) -> Iterator[str]:
    """Yields each scenario whose verdict does not follow from the checks that it required.

    `checks` are all checks of a run. A scenario may also be INCONCLUSIVE for an error outside them.
    """
    for scenario in dict.fromkeys(id(each.scenario) for each in checks):
        own = [each for each in checks if id(each.scenario) == scenario]
        trouble = _contradiction(own[0].scenario, {each.then.name: each.now for each in own})
        if trouble:
            yield f"{own[0].scenario.name}: {trouble}"


def _contradiction(scenario: ScenarioResult, now: Mapping[str, Check | None]) -> str:
    missing = [name for name in scenario.promises if now.get(name) is None]
    if missing:
        return f"required, and not judged again: {', '.join(missing)}"
    required = [check.verdict for name in scenario.promises if (check := now[name])]
    verdict = verdict_of(required, False, scenario.verdict is Verdict.SKIPPED)
    if scenario.verdict in (verdict, worst([verdict, Verdict.INCONCLUSIVE])):
        return ""
    return f"recorded as {scenario.verdict.value}, but its checks say {verdict.value}"


def _again(scenario: ScenarioResult, check: Check, record: Record, strict: bool) -> Again:
    definition = _definition(check)
    if isinstance(definition, str):
        return Again(scenario, check, None, definition)
    missing = [each.name for each in definition.sections if not record.has(each)]
    if missing:
        return Again(scenario, check, None, f"not recorded: {', '.join(missing)}")
    now = definition.judged(record)
    return Again(scenario, check, strictly(now) if strict else now)


def _definition(check: Check) -> CheckDefinition | str:
    """Returns the check's definition with its recorded limit, or why it can't be judged."""
    known = BY_NAME.get(check.name)
    if known is None:
        return "a check of this name is not known"
    if isinstance(known, LimitedCheck):
        if check.limit is not None:
            return known.limited(check.limit)
        return known.measured() if known.unlimited else "its limit was not recorded"
    return known


def _plain(value: float | str | None) -> float | str | None:
    """Returns a number rounded to 9 digits: fewer than JSON keeps, more than any check needs."""
    return round(value, 9) if isinstance(value, float) else value
