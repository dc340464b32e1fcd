"""The reports of the run in progress."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.report_review import review_reports
from support.promises.reports import DELIVERY_REPORT, PERFORMANCE_REPORT, RECOMMENDATIONS_REPORT


@given("performance tests are complete")
@given("delivery guarantee tests are complete")
@given("all tests are complete")
def tests_are_complete(context: Any) -> None:
    context.folder = context.session.store.folder


@when("developer reviews the performance report")
@when("developer reviews the failure test report")
@when("developer reviews the recommendations")
def review(context: Any) -> None:
    review_reports(context.trial, context.folder)


@then("it shows throughput, latency percentiles and resource usage")
def performance_is_complete(context: Any) -> None:
    context.require(PERFORMANCE_REPORT)


@then("it documents message loss, duplicate rate and recovery time for each failure scenario")
def delivery_is_complete(context: Any) -> None:
    context.require(DELIVERY_REPORT)


@then(
    "they name every requirement that is not met, every tuning suggestion and the distance to each "
    "limit"
)
def recommendations_are_complete(context: Any) -> None:
    context.require(RECOMMENDATIONS_REPORT)
