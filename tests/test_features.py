"""The features can be read by behave, are fully defined, and stay readable."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

from behave.model import Feature
from behave.parser import parse_file

from support.report.requirements import REQUIREMENTS
from support.settings import ROOT


@cache
def features() -> tuple[Feature, ...]:
    paths = sorted((ROOT / "features").rglob("*.feature"))
    return tuple(parse_file(str(path)) for path in paths)


def test_every_step_is_defined() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "behave", "--dry-run", "--format", "null", "--outfile", os.devnull],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "undefined" not in done.stdout


def test_scenarios_are_short_and_say_which_requirement_they_prove() -> None:
    for feature in features():
        assert not feature.rules, f"{feature.filename}: allure-behave drops scenarios inside Rule"
        for scenario in feature.walk_scenarios():
            assert 3 <= len(scenario.steps) <= 8, scenario.name
            tags = set(scenario.effective_tags)
            assert tags & {"performance", "delivery", "edge", "reporting", "upgrade"}, scenario.name
            proves = any(tag.startswith(("US", "EC-", "DELIV-", "A-")) for tag in tags)
            # A control proves nothing of the specification, but that the checks find nothing there.
            # The audit judges the team's tables, and no requirement of the specification. Upgrades
            # belong to FR-011, which the features as a whole fulfil.
            assert proves != bool({"control", "audit", "upgrade"} & tags), scenario.name


def tags_of_features() -> set[str]:
    """Every tag of every scenario."""
    return {
        str(tag)
        for feature in features()
        for scenario in feature.walk_scenarios()
        for tag in scenario.effective_tags
    }


def test_the_features_carry_the_tags_of_the_contract() -> None:
    tags = tags_of_features()
    assert {"US1.1", "US1.2", "US2.1", "FR-001", "FR-002", "FR-003", "FR-004"} <= tags
    assert {"US2.2", "FR-005", "SC-001", "SC-002", "SC-003", "SC-004", "SC-007"} <= tags
    assert {"BENCH-1", "BENCH-2", "BENCH-3", "BENCH-4", "BENCH-5"} <= tags
    assert {"DELIV-1", "DELIV-2", "DELIV-3", "DELIV-4", "DELIV-5"} <= tags
    assert {"US1.3", "US2.3", "FR-006", "FR-009", "SC-005", "EC-1", "EC-4"} <= tags


ACCEPTANCE_SCENARIOS = {f"US{story}.{number}" for story in (1, 2, 3) for number in (1, 2, 3)}


def test_a_smoke_run_has_a_scenario_for_each_acceptance_scenario_of_the_specification() -> None:
    tags = [
        set(map(str, scenario.effective_tags))
        for feature in features()
        for scenario in feature.walk_scenarios()
    ]
    smoke = [each for each in tags if "smoke" in each]
    assert set().union(*smoke) & ACCEPTANCE_SCENARIOS == ACCEPTANCE_SCENARIOS
    assert len(smoke) <= len(ACCEPTANCE_SCENARIOS) + 1
    assert not any("slow" in each for each in smoke)


RESUMING = ("consumer resumes from its last committed offset",)
"""The steps that fail, or stay in doubt, where no consumer resumed."""


def test_resuming_is_claimed_only_where_a_consumer_resumes() -> None:
    """US2.2 and FR-005 are about a consumer that resumes at its commit: a scenario in which one
    can keep its assignment does not prove them."""
    claimed = proven = 0
    for feature in features():
        for scenario in feature.walk_scenarios():
            steps = {step.name for step in scenario.steps}
            if {"US2.2", "FR-005"} & set(scenario.effective_tags):
                claimed += 1
                proven += bool(steps & set(RESUMING))
    assert claimed == proven > 0


def test_every_requirement_has_a_scenario() -> None:
    """But the two that the features as a whole fulfil: that they can be run again, and by make."""
    assert set(REQUIREMENTS) - tags_of_features() == {"FR-011", "SC-008"}
