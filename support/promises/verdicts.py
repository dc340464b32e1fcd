"""The checks of one scenario while it runs: those that it requires, and those that inform."""

from __future__ import annotations

from support.checks.judged import strictly
from support.errors import Inconclusive, PromiseBroken
from support.promises.definition import CheckDefinition
from support.record.record import Record
from support.results.schema import GREEN, QUIET, Check, Verdict, worst
from support.results.units import in_words

FINE = GREEN | {Verdict.SKIPPED}
"""The verdicts of a required check with which its scenario can still pass."""


class Unmeasured(Inconclusive):
    """A required check is INCONCLUSIVE; its evidence has the reason."""


class Verdicts:
    """Judges definitions from a record, and keeps every check by name.

    `strict` turns every DEVIATION into a FAIL. A definition is judged again only after the record
    has changed.
    """

    def __init__(self, record: Record, *, strict: bool = False) -> None:
        self._record, self._strict = record, strict
        self._checks: dict[str, Check] = {}
        self._required: dict[str, Check] = {}
        self._judged: dict[tuple[str, object, int], Check] = {}

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks, in the order in which they were first judged."""
        return tuple({**self._checks, **self._required}.values())

    @property
    def required(self) -> tuple[Check, ...]:
        """The checks that the scenario requires, in the order of its steps."""
        return tuple(self._required.values())

    def judge(self, *definitions: CheckDefinition) -> None:
        """Judges checks that inform: they do not count for the scenario's verdict."""
        for definition in definitions:
            self._judge(definition)

    def require(self, *definitions: CheckDefinition) -> None:
        """Judges checks that must be green for the scenario to pass.

        A check that is required again counts with the worse verdict. One that this target can't
        measure is SKIPPED, and the scenario goes on without it. Judges all of them before it
        raises: PromiseBroken if one is FAIL, otherwise Unmeasured if one is INCONCLUSIVE.
        """
        broken: list[Exception] = []
        for definition in definitions:
            check = self._judge(definition)
            before = self._required.get(check.name)
            if before is None or worst([before.verdict, check.verdict]) is check.verdict:
                self._required[check.name] = check
            if check.verdict is Verdict.FAIL:
                broken.append(PromiseBroken(described(check)))
            elif check.verdict not in FINE:
                broken.append(Unmeasured(described(check)))
        if broken:
            raise min(broken, key=lambda each: isinstance(each, Unmeasured))

    def recorded(self, *definitions: CheckDefinition) -> tuple[CheckDefinition, ...]:
        """Returns the definitions that this target can judge.

        Their sections were recorded, and their check is not SKIPPED.
        """
        return tuple(each for each in definitions if self._recorded(each))

    @property
    def broken(self) -> bool:
        """Whether a required check is neither green nor SKIPPED."""
        return any(check.verdict not in FINE for check in self.required)

    def verdict(self, *, trouble: bool, skipped: bool) -> Verdict:
        """Returns the scenario's verdict.

        `trouble` is an error outside the checks, `skipped` a capability that is missing here.
        """
        return verdict_of([check.verdict for check in self.required], trouble, skipped)

    def reasons(self) -> list[str]:
        """Returns a paragraph for each required check that needs an explanation."""
        return [described(check) for check in self.required if check.verdict not in QUIET]

    def _judge(self, definition: CheckDefinition) -> Check:
        key = (definition.name, definition.limit, self._record.writes)
        if key not in self._judged:
            check = definition.judged(self._record)
            self._judged[key] = strictly(check) if self._strict else check
        self._checks[definition.name] = self._judged[key]
        return self._judged[key]

    def _recorded(self, definition: CheckDefinition) -> bool:
        if not all(self._record.has(section) for section in definition.sections):
            return False
        return self._judge(definition).verdict is not Verdict.SKIPPED


def verdict_of(required: list[Verdict], trouble: bool, skipped: bool) -> Verdict:
    """Returns the verdict of a scenario: the worst of the checks that it requires.

    It is INCONCLUSIVE after an error outside the checks, and where every required check is
    MEASURED: figures alone prove nothing.
    """
    if skipped and not trouble:
        return Verdict.SKIPPED
    verdict = worst([*required, Verdict.INCONCLUSIVE] if trouble else required)
    return Verdict.INCONCLUSIVE if verdict is Verdict.MEASURED else verdict


def described(check: Check) -> str:
    """Returns a check as lines: its verdict, the measured value, the objective, the evidence."""
    lines = [f"{check.name}: {check.verdict.value}"]
    lines += [f"  {check.deviation}"] if check.deviation else []
    measured = "nothing" if check.measured is None else in_words(check.measured, check.unit)
    lines += [f"  measured: {measured}", f"  wanted:   {check.objective}"]
    lines += [f"  evidence: {line}" for line in check.evidence]
    return "\n".join(lines)
