"""A broker's start, from stopped to ready."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, then, when

from support.experiment.broker_startup import BrokerStartup
from support.experiment.needs import A_BROKER_TO_START, ISOLATED_BROKER, needs
from support.promises.delivery_log import CORRUPT, LOST
from support.promises.startup import START_UP_SPREAD, START_UP_TIME, START_UP_TIME_AFTER_A_CRASH

SHORT_SESSION = {"broker.session.timeout.ms": "{n}000", "broker.heartbeat.interval.ms": "1000"}


@given("a Kafka broker is stopped and has no data")
@needs(ISOLATED_BROKER)
def stopped_without_data(context: Any) -> None:
    context.startup = BrokerStartup(context.trial, {})


@given("a Kafka broker is stopped gracefully and has existing data")
@needs(A_BROKER_TO_START)
def stopped_with_data(context: Any) -> None:
    context.startup = BrokerStartup(context.trial, {})
    context.startup.stopped_with_data(crash=False)


@given("a Kafka broker has crashed and has existing data")
@needs(A_BROKER_TO_START)
def crashed_with_data(context: Any) -> None:
    context.startup = BrokerStartup(context.trial, {})
    context.startup.stopped_with_data(crash=True)


@given("a Kafka broker with a session timeout of {n:d} seconds has crashed and has existing data")
@needs(ISOLATED_BROKER)
def crashed_with_short_session(context: Any, n: int) -> None:
    overrides = {key: value.format(n=n) for key, value in SHORT_SESSION.items()}
    context.startup = BrokerStartup(context.trial, overrides)
    context.startup.stopped_with_data(crash=True)


@when("developer starts Kafka and measures startup time")
def start_and_measure(context: Any) -> None:
    context.startup.start_and_measure()


@when("developer starts Kafka {n:d} times and measures startup time")
def start_and_measure_often(context: Any, n: int) -> None:
    context.startup.start_and_measure(n)


@then("broker becomes ready to accept connections in less than {limit:Duration}")
def starts_quickly(context: Any, limit: timedelta) -> None:
    context.require(START_UP_TIME.below(limit))


@then("broker becomes ready to accept connections in less than {limit:Duration} every time")
def starts_quickly_every_time(context: Any, limit: timedelta) -> None:
    context.require(START_UP_TIME.below(limit), START_UP_SPREAD)


@then(
    "broker becomes ready in less than {limit:Duration}, or the wait for its session timeout "
    "is a deviation"
)
def startup_is_explained(context: Any, limit: timedelta) -> None:
    context.require(START_UP_TIME_AFTER_A_CRASH.below(limit))


@then("the existing data is still there")
def data_is_there(context: Any) -> None:
    context.startup.read_data()
    context.require(LOST)
    context.require(CORRUPT)
