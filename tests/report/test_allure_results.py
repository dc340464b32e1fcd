"""Allure shows the recorded verdicts by story, and the severity of each story."""

from __future__ import annotations

import dataclasses

import pytest

from support.report.allure_results import full_name, judged, labelled, left_out
from support.results.schema import Verdict
from tests.results.examples import RESTART


def result(*tags: str) -> dict[str, object]:
    labels = [{"name": "severity", "value": "normal"}, {"name": "feature", "value": "f"}]
    return {"name": "x", "labels": [*labels, *({"name": "tag", "value": tag} for tag in tags)]}


@pytest.mark.parametrize(
    ("tags", "severity", "epic"),
    [
        (("US1.1", "performance"), "critical", "User story 1"),
        (("US1.1", "US2.1"), "blocker", "User story 2"),
        (("EC-1", "edge"), "normal", "Edge cases"),
        (("US3.2",), "minor", "User story 3"),
    ],
)
def test_severity_and_epic_follow_the_story(
    tags: tuple[str, ...], severity: str, epic: str
) -> None:
    labels = labelled(result(*tags))["labels"]
    assert [each["value"] for each in labels if each["name"] == "severity"] == [severity]
    assert any(each["value"].startswith(epic) for each in labels if each["name"] == "epic")
    assert {"name": "feature", "value": "f"} in labels


def test_stories_and_links_are_those_of_the_specification() -> None:
    made = labelled(result("US1.1", "SC-001", "slow"))
    assert [each["name"] for each in made["links"]] == ["US1.1", "SC-001"]
    assert made["links"][0]["url"] == "../index.html#US1.1"
    (story,) = [each["value"] for each in made["labels"] if each["name"] == "story"]
    assert story.startswith("US1.1: 1000 messages a second")
    assert labelled(result())["links"] == []


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.PASS, "passed"),
        (Verdict.DEVIATION, "passed"),
        (Verdict.FAIL, "failed"),
        (Verdict.INCONCLUSIVE, "broken"),
        (Verdict.SKIPPED, "skipped"),
    ],
)
def test_the_recorded_verdict_is_shown_with_its_reason(verdict: Verdict, status: str) -> None:
    scenario = dataclasses.replace(RESTART, verdict=verdict)
    made = judged({**result("US2.1"), "status": "passed"}, scenario)
    assert made["status"] == status
    assert made["statusDetails"]["message"].startswith("lost: FAIL")
    marked = {"name": "tag", "value": "DEVIATION"} in made["labels"]
    assert marked == (verdict is Verdict.DEVIATION)


def test_a_skipped_scenario_has_a_result() -> None:
    skipped = dataclasses.replace(RESTART, verdict=Verdict.SKIPPED, reason="no Kafka UI")
    made = labelled(left_out(skipped, 1_000))
    assert made["fullName"] == full_name(skipped)
    assert (made["status"], made["statusDetails"]["message"]) == ("skipped", "no Kafka UI")
    assert [each["name"] for each in made["links"]] == ["US2.1"]
    assert made["start"] == 1_000
