"""The state in which a scenario finds the stack."""

from __future__ import annotations

from typing import Any

from behave import given, when

from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.delivery_trial import DeliveryTrial
from support.experiment.startup_trial import StartupTrial

SHORT_LEASE = {"broker.session.timeout.ms": "{n}000", "broker.heartbeat.interval.ms": "1000"}


@given("Kafka broker is running with CDC topics")
def running_with_cdc_topics(context: Any) -> None:
    context.session.prove_ready()
    context.load = BenchmarkTrial(context.trial)
    context.load.judge_cdc()
    context.trial.promise("CDC topics carry events")


@given("Kafka is running with at-least-once config")
def running_at_least_once(context: Any) -> None:
    context.session.prove_ready()
    context.load = DeliveryTrial(context.trial)
    context.load.judge_configuration()
    context.trial.promise("at-least-once configuration")


@given("Kafka is reached over a network that can be cut, with at-least-once config")
def reached_over_a_link(context: Any) -> None:
    running_at_least_once(context)
    context.load.use_link()


@given("Kafka broker is running")
def running(context: Any) -> None:
    context.session.prove_ready()
    context.load = DeliveryTrial(context.trial)


@when("developer reads the settings in force")
def read_settings(context: Any) -> None:
    context.load.judge_configuration()


@given("a Kafka broker is stopped and has no data")
def stopped_without_data(context: Any) -> None:
    context.startup = StartupTrial(context.trial, {})


@given("a Kafka broker is stopped gracefully and has existing data")
def stopped_with_data(context: Any) -> None:
    context.startup = StartupTrial(context.trial, {})
    context.startup.stopped_with_data(crash=False)


@given("a Kafka broker has crashed and has existing data")
def crashed_with_data(context: Any) -> None:
    context.startup = StartupTrial(context.trial, {})
    context.startup.stopped_with_data(crash=True)


@given("a Kafka broker with a session lease of {n:d} seconds has crashed and has existing data")
def crashed_with_short_lease(context: Any, n: int) -> None:
    overrides = {key: value.format(n=n) for key, value in SHORT_LEASE.items()}
    context.startup = StartupTrial(context.trial, overrides)
    context.startup.stopped_with_data(crash=True)
