"""-D repeat=N: every scenario runs N times, each time with another name."""

from __future__ import annotations

from behave.parser import parse_feature

from support.repeats import name_without_number, repeat_scenarios

TEXT = """\
@tagged
Feature: F
  Background:
    Given a step
  @own
  Scenario: one
    When something
  @outline
  Scenario Outline: two <x>
    When something <x>
    @example
    Examples:
      | x |
      | a |
      | b |
"""


def names(times: int) -> list[str]:
    feature = parse_feature(TEXT)
    repeat_scenarios(feature, times)
    return [str(scenario.name) for scenario in feature.walk_scenarios()]


def test_once_changes_nothing() -> None:
    assert len(names(1)) == 3


def test_every_scenario_and_every_example_is_there_so_often() -> None:
    found = names(2)
    assert found[:2] == ["one [1 of 2]", "one [2 of 2]"]
    assert len(found) == len(set(found)) == 6
    assert {name_without_number(name) for name in found} >= {"one"}
    assert name_without_number("one [of 2]") == "one [of 2]"


def test_copies_have_steps_and_tags_of_their_own() -> None:
    feature = parse_feature(TEXT)
    repeat_scenarios(feature, 3)
    first, second, *_ = feature.walk_scenarios()
    assert first.feature is second.feature is feature
    assert first.steps[0] is not second.steps[0]
    assert {"tagged", "own"} <= set(second.effective_tags)
    assert {"tagged", "outline", "example"} <= set(
        list(feature.walk_scenarios())[-1].effective_tags
    )
