"""The user stories of the specification, and which scenarios belong to each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from support.report import tags
from support.report.requirements import REQUIREMENTS
from support.results.schema import RunResult, ScenarioResult


@dataclass(frozen=True)
class Story:
    """`prefix`: prefix of its requirements. `tag`: used for scenarios without one."""

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
    Story(
        "upgrade",
        "FR-011",
        "Upgrade of Kafka, Kafka Connect and Debezium",
        "Does every step of an upgrade lose nothing, and what do clients notice of it?",
        "UPGRADE-",
        tags.UPGRADE,
    ),
)
STRATEGY = ("BENCH-", "DELIV-")
"""Prefixes of the tests in the specification's strategy."""
PLACES = {each: n for n, each in enumerate(REQUIREMENTS)}
ACCEPTANCE = tuple(story.prefix for story in STORIES)
"""Prefixes of acceptance scenarios and edge cases."""
OTHER = Story("other", "–", "Other scenarios", "Scenarios of no user story.", "", "")


def by_story(run: RunResult) -> list[tuple[Story, Sequence[ScenarioResult]]]:
    """Returns each story with its scenarios; stories without any are left out.

    Features are in the order of the specification: by acceptance scenario, and those of one by the
    tests of the strategy.
    """
    found: dict[Story, list[ScenarioResult]] = {story: [] for story in (*STORIES, OTHER)}
    features: dict[str, set[str]] = {}
    for scenario in run.scenarios:
        found[story_of(scenario)].append(scenario)
        features.setdefault(scenario.feature, set()).update(scenario.tags)
    return [
        (story, sorted(scenarios, key=lambda s: (*_place(features[s.feature]), s.feature)))
        for story, scenarios in found.items()
        if scenarios
    ]


def _place(found: Collection[str]) -> tuple[int, int]:
    """Returns where a feature with these tags stands in the specification."""
    accepted = [PLACES[tag] for tag in found if tag in PLACES and tag.startswith(ACCEPTANCE)]
    strategy = [PLACES[tag] for tag in found if tag in PLACES and tag.startswith(STRATEGY)]
    return min(accepted, default=len(PLACES)), min(strategy, default=len(PLACES))


def story_of(scenario: ScenarioResult) -> Story:
    """Returns the first story of which the scenario has a requirement, or else its tag."""
    for story in STORIES:
        if any(tag.startswith(story.prefix) for tag in scenario.tags):
            return story
    return next((story for story in STORIES if story.tag in scenario.tags), OTHER)
