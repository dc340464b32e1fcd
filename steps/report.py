"""The reports of the run in progress."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.report_trial import ReportTrial


@given("performance tests are complete")
@given("delivery guarantee tests are complete")
@given("all tests are complete")
def tests_are_complete(context: Any) -> None:
    context.report = ReportTrial(context.trial, context.session.store.folder)


@when("developer reviews the performance report")
@when("developer reviews the failure test report")
@when("developer reviews the recommendations")
def review(context: Any) -> None:
    context.report.write()


@then("it shows throughput, latency percentiles and resource usage")
def performance_is_complete(context: Any) -> None:
    context.report.judge("performance")
    context.trial.promise("performance report")


@then("it documents message loss, duplicate rate and recovery time for each failure scenario")
def delivery_is_complete(context: Any) -> None:
    context.report.judge("delivery")
    context.trial.promise("delivery report")


@then(
    "they name every requirement that is not met, every tuning suggestion and the distance to each "
    "limit"
)
def recommendations_are_complete(context: Any) -> None:
    context.report.judge("recommendations")
    context.trial.promise("recommendations report")
