"""The audit: the captured tables and what their topics hold."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.audit import Audit
from support.experiment.needs_of_team import a_connector, needs_of_team
from support.promises.audit import AUDIT_COVERAGE, AUDITED_ROWS


@given("the team's connector is running")
@needs_of_team(a_connector)
def connector_runs(context: Any) -> None:
    context.audit = Audit(context.trial)
    context.audit.find_connectors()


@when("every captured table is compared with its topic at one point in the write-ahead log")
def compare_tables(context: Any) -> None:
    context.audit.compare()


@then("no row is missing in its topic, surplus or different")
def rows_are_equal(context: Any) -> None:
    context.require(AUDITED_ROWS)


@then("what could not be compared is named")
def rest_is_named(context: Any) -> None:
    context.require(AUDIT_COVERAGE)
