"""The user stories of the specification, and which scenarios belong to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from support.report import tags
from support.report.requirements import REQUIREMENTS
from support.results.schema import RunResult, ScenarioResult


@dataclass(frozen=True)
class Story:
    """`prefix`: how the requirements begin that its scenarios carry; `tag` stands in for them."""

    anchor: str
    name: str
    title: str
    question: str
    prefix: str
    tag: str


STORIES = (
    Story(
        "performance",
        "US1",
        "Performance under CDC load",
        "Does the broker carry the load, start quickly and stay within memory and CPU?",
        "US1.",
        tags.PERFORMANCE,
    ),
    Story(
        "delivery",
        "US2",
        "At-least-once delivery under failures",
        "Is every acknowledged message and every database change delivered, whatever fails?",
        "US2.",
        tags.DELIVERY,
    ),
    Story(
        "edge-cases",
        "EC",
        "Edge cases",
        "What happens with a full disk, large events, a consumer that lags, or no controller?",
        tags.EDGE_CASE,
        tags.EDGE,
    ),
    Story(
        "documentation",
        "US3",
        "Documentation of the results",
        "Do the reports show everything that was recorded?",
        "US3.",
        tags.REPORTING,
    ),
)
STRATEGY = ("BENCH-", "DELIV-", tags.EDGE_CASE, "SC-")
"""How requirements begin that order the features: tests of the strategy, then success criteria."""
ORDER = [each for prefix in STRATEGY for each in REQUIREMENTS if each.startswith(prefix)]
OTHER = Story("other", "–", "Other scenarios", "Scenarios of no user story.", "", "")


def by_story(run: RunResult) -> list[tuple[Story, Sequence[ScenarioResult]]]:
    """Return each story with its scenarios; stories without any are left out.

    Features are in the order of the specification's test strategy, scenarios as they were run.
    """
    found: dict[Story, list[ScenarioResult]] = {story: [] for story in (*STORIES, OTHER)}
    first: dict[str, int] = {}
    for scenario in run.scenarios:
        found[story_of(scenario)].append(scenario)
        place = min(map(_place, scenario.tags), default=len(ORDER))
        first[scenario.feature] = min(place, first.get(scenario.feature, place))
    return [
        (story, sorted(scenarios, key=lambda s: (first[s.feature], s.feature)))
        for story, scenarios in found.items()
        if scenarios
    ]


def _place(tag: str) -> int:
    return ORDER.index(tag) if tag in ORDER else len(ORDER)


def story_of(scenario: ScenarioResult) -> Story:
    """Return the first story of which the scenario has a requirement, or else its tag."""
    for story in STORIES:
        if any(tag.startswith(story.prefix) for tag in scenario.tags):
            return story
    return next((story for story in STORIES if story.tag in scenario.tags), OTHER)
