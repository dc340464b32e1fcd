"""Items that a reader has to decide or to know: failed, not measured, deviating, not run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from support.report.advice import advice
from support.report.requirements import REQUIREMENTS
from support.report.sections.notes import remedies
from support.results.schema import GREEN, Check, RunResult, ScenarioResult, Verdict

REMEDY = "remedy: "
NEXT = "next:"


@dataclass(frozen=True)
class Item:
    """`what` was found, in these scenarios; what to `do`, and the measured `effect`."""

    verdict: Verdict
    what: str
    scenarios: tuple[ScenarioResult, ...]
    do: str = ""
    effect: str = ""

    @property
    def requirements(self) -> list[str]:
        """The requirements that these scenarios are about, in the order of the specification."""
        tags = {tag for scenario in self.scenarios for tag in scenario.tags}
        return [each for each in REQUIREMENTS if each in tags]


def attention(run: RunResult) -> list[Item]:
    """Returns the items, the most severe first; the same deviation counts once."""
    found = [*_failed(run), *_deviations(run), *_skipped(run)]
    order = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.DEVIATION, Verdict.SKIPPED)
    return sorted(found, key=lambda item: order.index(item.verdict))


def _failed(run: RunResult) -> Iterator[Item]:
    for s in run.scenarios:
        if s.verdict not in GREEN and s.verdict is not Verdict.SKIPPED:
            yield Item(s.verdict, s.reason, (s,))


def _deviations(run: RunResult) -> list[Item]:
    by_text: dict[str, Item] = {}
    for s in run.scenarios:
        for check in s.checks:
            if check.verdict is Verdict.DEVIATION:
                what = check.deviation or f"{check.name}: {check.objective}"
                before = by_text.get(what, Item(Verdict.DEVIATION, what, ()))
                do, effect = (before.do, before.effect) if before.do else _remedy(run, s, check)
                by_text[what] = replace(
                    before, scenarios=(*before.scenarios, s), do=do, effect=effect
                )
    return list(by_text.values())


def _remedy(run: RunResult, s: ScenarioResult, check: Check) -> tuple[str, str]:
    """Returns what to do and its effect: the advice of the run, or what the scenario recorded."""
    for each in advice(run):
        if s.name in each.scenarios:
            return each.do.replace("`", ""), each.effect
    recorded = [line.removeprefix(REMEDY) for line in check.evidence if line.startswith(REMEDY)]
    return next(iter([*recorded, *remedies(s)]), ""), ""


def _skipped(run: RunResult) -> Iterator[Item]:
    for s in run.scenarios:
        if s.verdict is Verdict.SKIPPED:
            lines = [line.strip() for line in s.reason.splitlines()]
            do = (line.removeprefix(NEXT).strip() for line in lines if line.startswith(NEXT))
            yield Item(Verdict.SKIPPED, lines[0] if lines else "", (s,), next(do, ""))
