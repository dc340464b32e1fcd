"""Predictions of check-stack about scenarios that are about the team's connectors, or read_only."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import check_stack
from support.settings import Settings
from support.stack.attached.lacks import LACKS
from support.survey.captured import team_seen
from support.survey.findings import Findings, Part, TeamFound
from support.survey.scenarios import Prospect, Wanted, prospects
from tests.survey.found import CONNECTOR, findings, with_connect, with_database

SETTINGS = Settings.load({}, {})
READ_ONLY = Settings.load({"read_only": "yes"}, {})
ATTACHED: Any = SimpleNamespace(name="attach", lacks=LACKS, shared=True)
AUDIT, SIZES = "Rows folded from each topic", "Events within every size limit"


@pytest.fixture(scope="module")
def wanted() -> tuple[Wanted, ...]:
    return tuple(check_stack.wanted())


def predicted(
    wanted: tuple[Wanted, ...], words: str, found: Findings, settings: Settings = SETTINGS
) -> Prospect:
    (one,) = (each for each in wanted if words in each.name)
    return prospects([one], ATTACHED, settings, team_seen(found))[0]


def test_the_audit_runs_with_a_connector(wanted: tuple[Wanted, ...]) -> None:
    assert predicted(wanted, AUDIT, findings()).word == "runs"


def test_the_audit_is_skipped_without_a_connector(wanted: tuple[Wanted, ...]) -> None:
    found = predicted(wanted, AUDIT, with_connect(team=TeamFound(others=3)))
    assert found.skipped == "Kafka Connect runs no PostgreSQL connector on the database app."


def test_the_audit_is_not_skipped_for_connectors_that_can_not_be_judged(
    wanted: tuple[Wanted, ...],
) -> None:
    """It is INCONCLUSIVE then, and names them."""
    team = TeamFound(left_out=("connector x: its database is not known",))
    assert predicted(wanted, AUDIT, with_connect(team=team)).word == "runs"


@pytest.mark.parametrize(
    "found",
    [
        with_connect(team=TeamFound(trouble="HTTP 403")),
        replace(findings(), connect=Part("Kafka Connect", trouble="no answer")),
        replace(findings(), database=Part("PostgreSQL", trouble="no answer")),
    ],
)
def test_nothing_is_predicted_from_a_part_that_was_not_seen(
    wanted: tuple[Wanted, ...], found: Findings
) -> None:
    assert team_seen(found) is None
    assert predicted(wanted, AUDIT, found).word == "runs"


def test_sizes_are_skipped_if_no_table_is_captured(wanted: tuple[Wanted, ...]) -> None:
    assert predicted(wanted, SIZES, findings()).word == "runs"
    found = predicted(wanted, SIZES, with_database(tables=()))
    assert found.skipped.startswith("No captured table has rows")
    config = {**CONNECTOR.connector.config, "table.include.list": "other.table"}
    connector = replace(CONNECTOR, connector=replace(CONNECTOR.connector, config=config))
    found = predicted(wanted, SIZES, with_connect(team=TeamFound((connector,))))
    assert found.word == "skipped"


def test_read_only_leaves_only_the_audit(wanted: tuple[Wanted, ...]) -> None:
    found = prospects(wanted, ATTACHED, READ_ONLY, team_seen(findings()))
    (one,) = (each for each in found if each.word != "skipped")
    assert AUDIT in one.name
    assert {each.skipped for each in found if each is not one} == {
        "-D read_only=yes: it writes to the stack"
    }
