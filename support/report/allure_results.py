"""Allure results made of behave's and ours.

Verdict and reason are the recorded ones; story, severity and links to the requirements are added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from support.report.requirements import REQUIREMENTS
from support.results.schema import ScenarioResult, Verdict

STORIES = {
    "US1": "User story 1: performance under CDC load",
    "US2": "User story 2: at-least-once delivery under failures",
    "US3": "User story 3: documented baselines and failure behaviors",
    "EC": "Edge cases",
}
SEVERITIES = {"US2": "blocker", "US1": "critical", "EC": "normal", "US3": "minor"}
"""Story -> severity of its failures: lost data weighs more than slow data."""

STATUS = {
    Verdict.PASS: "passed",
    Verdict.DEVIATION: "passed",
    Verdict.MEASURED: "passed",
    Verdict.FAIL: "failed",
    Verdict.INCONCLUSIVE: "broken",
    Verdict.SKIPPED: "skipped",
}


def full_name(scenario: ScenarioResult) -> str:
    """Returns the name that behave's formatter for Allure gives the scenario."""
    return f"{scenario.feature}: {scenario.name}"


def judged(result: Mapping[str, Any], scenario: ScenarioResult) -> dict[str, Any]:
    """Returns the result with the recorded verdict and reason."""
    reason = {"message": scenario.reason} if scenario.reason else {}
    details = {**(result.get("statusDetails") or {}), **reason}
    deviates = scenario.verdict is Verdict.DEVIATION
    labels = [*result["labels"], *([{"name": "tag", "value": "DEVIATION"}] if deviates else [])]
    status = STATUS[scenario.verdict]
    return {**result, "status": status, "statusDetails": details, "labels": labels}


def left_out(scenario: ScenarioResult, at_ms: int) -> dict[str, Any]:
    """Returns a result for a scenario that was skipped, for which behave wrote none.

    `at_ms`: start and end, in milliseconds since the epoch.
    """
    name = full_name(scenario)
    identity = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    tags = [{"name": "tag", "value": tag} for tag in scenario.tags]
    return judged(
        {
            "uuid": identity,
            "historyId": identity,
            "fullName": name,
            "name": scenario.name,
            "start": at_ms,
            "stop": at_ms + int(scenario.duration_s * 1000),
            "steps": [],
            "labels": [{"name": "feature", "value": scenario.feature}, *tags],
        },
        scenario,
    )


def labelled(result: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an Allure result (content of *-result.json) with epic, stories, severity, links."""
    tags = [label["value"] for label in result["labels"] if label["name"] == "tag"]
    proven = [tag for tag in tags if tag in REQUIREMENTS]
    kept = [label for label in result["labels"] if label["name"] != "severity"]
    own = [
        ("severity", _severity(proven)),
        *(("epic", text) for kind, text in STORIES.items() if _has(proven, kind)),
        *(("story", f"{each}: {REQUIREMENTS[each]}") for each in proven if _is_story(each)),
    ]
    labels = [*kept, *({"name": name, "value": value} for name, value in own)]
    links = [{"name": each, "url": f"../index.html#{each}", "type": "tms"} for each in proven]
    return {**result, "labels": labels, "links": links}


def _severity(proven: Iterable[str]) -> str:
    found = (severity for kind, severity in SEVERITIES.items() if _has(proven, kind))
    return next(found, "normal")


def _has(proven: Iterable[str], kind: str) -> bool:
    return any(each.startswith(kind) for each in proven)


def _is_story(requirement: str) -> bool:
    return requirement.startswith(tuple(STORIES))
