"""Scenarios that could run on a stack, by what their steps need and measure, and what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from support.experiment.needs import READ_ONLY, Need, in_one_line, unmet
from support.experiment.needs_of_team import TeamNeed, TeamSeen
from support.settings import Settings
from support.stack.lifecycle import Stack

RUNS, IN_PART, SKIPPED = WORDS = ("runs", "in part", "skipped")


@dataclass(frozen=True)
class Wanted:
    """The needs of a scenario to run at all, and what it measures in addition where it can.

    `of_team`: what it needs of the team's connectors. `writes`: it creates or changes something.
    """

    feature: str
    name: str
    needs: tuple[Need, ...]
    measures: tuple[Need, ...] = ()
    of_team: tuple[TeamNeed, ...] = ()
    writes: bool = True


@dataclass(frozen=True)
class Prospect:
    """The outcome of a scenario's needs on a stack.

    `skipped`: why it would be left out, or empty. `without`: why some of its measurements would be.
    """

    feature: str
    name: str
    skipped: str = ""
    without: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """One word for people."""
        return SKIPPED if self.skipped else IN_PART if self.without else RUNS


def prospects(
    wanted: Iterable[Wanted], stack: Stack, settings: Settings, team: TeamSeen | None = None
) -> tuple[Prospect, ...]:
    """Returns what each scenario could do on a stack, which need not be started.

    `team`: what was seen of the team's connectors; None if that is not known.
    """
    return tuple(_prospect(each, stack, settings, team) for each in wanted)


def _prospect(wanted: Wanted, stack: Stack, settings: Settings, team: TeamSeen | None) -> Prospect:
    if skipped := _skipped(wanted, stack, settings, team):
        return Prospect(wanted.feature, wanted.name, skipped)
    missing = (unmet([each], stack, settings) for each in wanted.measures)
    without = dict.fromkeys(in_one_line(each) for each in missing if each is not None)
    return Prospect(wanted.feature, wanted.name, "", tuple(without))


def _skipped(wanted: Wanted, stack: Stack, settings: Settings, team: TeamSeen | None) -> str:
    """Returns why a scenario would be left out; empty if it would not be."""
    if settings.read_only and wanted.writes:
        return READ_ONLY
    lacking = unmet(wanted.needs, stack, settings)
    if lacking is not None:
        return in_one_line(lacking)
    reasons = [need(team) for need in wanted.of_team] if team is not None else []
    return next((each for each in reasons if each), "")


def table(found: Sequence[Prospect]) -> Iterator[str]:
    """Yields the table, line by line: features, their scenarios, and the reasons as footnotes."""
    reasons: dict[str, int] = {}
    counts = {word: sum(each.word == word for each in found) for word in WORDS}
    yield f"{len(found)} scenarios: " + ", ".join(f"{each} {n}" for each, n in counts.items())
    feature = ""
    for each in found:
        if each.feature != feature:
            feature = each.feature
            yield f"  {feature}"
        why = (each.skipped,) if each.skipped else each.without
        marks = "".join(f" [{reasons.setdefault(reason, len(reasons) + 1)}]" for reason in why)
        yield f"    {each.word:7}  {each.name}{marks}"
    yield from (f"  [{number}] {reason}" for reason, number in reasons.items())
